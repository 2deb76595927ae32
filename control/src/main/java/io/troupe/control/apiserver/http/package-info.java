/**
 * What one request is, before anybody answers it: its path as upstream's RequestInfo, its query,
 * the formats that it accepts, its body; and {@link io.troupe.control.apiserver.http.Exchange},
 * through which an answer leaves.
 *
 * <p>Stands for apiserver/pkg/endpoints/request and .../negotiation. Left out: who may do what,
 * and what the verbs do.
 */
package io.troupe.control.apiserver.http;
