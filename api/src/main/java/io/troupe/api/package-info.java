/**
 * What Kubernetes calls apimachinery and api: objects as immutable JSON, the facts about every
 * built-in kind, patches, codecs, selectors, quantities, and the interface through which
 * controllers, schedulers and kubelets see a cluster.
 *
 * <p>Nothing here knows actors, databases or HTTP servers.
 */
package io.troupe.api;
