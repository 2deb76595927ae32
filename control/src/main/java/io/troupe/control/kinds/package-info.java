/**
 * What Kubernetes does to an object between request and store: upstream's {@code pkg/apis}, {@code
 * pkg/registry} and {@code pkg/printers} as pure functions on JSON trees.
 *
 * <p>{@link io.troupe.control.kinds.KubernetesDecider} is the pipeline (decode, patch, default,
 * admit, prepare, validate, own, compare), {@link io.troupe.control.kinds.Strategies} the table of
 * kinds, {@link io.troupe.control.kinds.Tables} what {@code kubectl get} shows, {@link
 * io.troupe.control.kinds.FieldSelectors} what can be selected. In flow a command, the current
 * object and a view of the cluster; out flows a decision. One package per group of kinds holds
 * their strategies: adding a kind touches one folder and one line of the table.
 *
 * <p>Left out: webhooks and allocation of addresses (done before, at the edge), quotas (a ledger),
 * authorization.
 */
package io.troupe.control.kinds;
