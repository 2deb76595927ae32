/**
 * What etcd is to Kubernetes: the journal in PostgreSQL, the actor of each object, the watch cache
 * and history.
 *
 * <p>Sub-packages: {@code store} (the interfaces that the API server uses), {@code journal} (DAO,
 * migrations, commit order), {@code entity} (object actor), {@code cache} (watch cache), {@code
 * history} (past state, audit, hash chain), {@code ledger} (single-writer allocations), {@code
 * postgres} (the embedded database).
 */
package io.troupe.persistence;
