/**
 * Who is asking: client certificates, service-account tokens, bootstrap tokens, anonymous, and
 * impersonation on top. Stands for apiserver/pkg/authentication and pkg/serviceaccount.
 *
 * <p>In goes a connection's certificates and a request's headers, out comes a user or a refusal
 * (401). Left out: OIDC, webhooks, request headers of an authenticating proxy.
 */
package io.troupe.control.apiserver.authentication;
