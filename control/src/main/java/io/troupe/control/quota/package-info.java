/**
 * What objects are charged to a {@code ResourceQuota}: the pure counting behind the quota
 * controller, which shows the sum, and admission, which refuses what would exceed it (upstream:
 * {@code pkg/quota/v1}).
 *
 * <p>In: an object or a {@link io.troupe.api.client.ClusterView}. Out: amounts by the names that a
 * quota's {@code spec.hard} uses. Left out: resource claims (DRA), quotas that the API server's own
 * configuration demands. Admission counts what its view shows, so that creations at the same moment
 * can together exceed a quota until a ledger owns it.
 */
package io.troupe.control.quota;
