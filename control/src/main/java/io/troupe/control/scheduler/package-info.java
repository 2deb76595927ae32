/**
 * The scheduler (kube-scheduler): one actor per zone, all active.
 *
 * <p>{@link io.troupe.control.scheduler.Schedulers} wires it: a cluster view's changes flow into
 * {@code ZoneScheduler}, a thin actor around the pure {@code queue.SchedulerCore}; its effects are
 * written by {@code ApiWrites} through the ordinary API (bindings, conditions, events, evictions).
 * A pod is placed by the scheduler to whose zone its owner hashes among the live zones (its
 * namespace, when it has hard affinity, anti-affinity or spread); each may place on any node. Two
 * schedulers that want the same room meet at the node's ledger ({@code control.allocation}), which
 * refuses one of them; that one tries again with what it knows by then.
 *
 * <p>Packages: {@code model} (pods and nodes, parsed), {@code snapshot} (the cluster, counted),
 * {@code place} (the pure placement), {@code queue} (what is next).
 *
 * <p>Left out: profiles other than the default scheduler's and their configuration file, extenders,
 * gang scheduling, ReadWriteOncePod, dynamic resource allocation.
 */
package io.troupe.control.scheduler;
