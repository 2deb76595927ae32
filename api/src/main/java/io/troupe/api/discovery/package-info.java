/**
 * Discovery documents as JSON trees, made from {@link io.troupe.api.kinds.Kinds}: what {@code
 * kubectl api-resources}, RESTMapper and every dynamic client read first. Stands for
 * apiserver/pkg/endpoints/discovery.
 *
 * <p>Left out: HTTP (content negotiation, ETags), which is the API server's.
 */
package io.troupe.api.discovery;
