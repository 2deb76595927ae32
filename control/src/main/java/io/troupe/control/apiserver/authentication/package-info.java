/**
 * Who asks: client certificates (common name and organizations), service-account tokens, bootstrap
 * tokens, and impersonation on top. Left out for now: OIDC and webhook authenticators.
 */
package io.troupe.control.apiserver.authentication;
