/**
 * The object actor: one per API object, under Cluster Sharding, event-sourced; it asks the {@link
 * io.troupe.persistence.store.Decider} and persists what that decides.
 *
 * <p>Commands come in from {@link io.troupe.persistence.entity.Objects}; {@link
 * io.troupe.persistence.entity.ObjectChanged} is the one event; messages between members are
 * written by {@link io.troupe.persistence.entity.MessageSerializer}. Left out: every rule of
 * Kubernetes.
 */
package io.troupe.persistence.entity;
