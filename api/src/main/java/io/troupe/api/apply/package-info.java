/**
 * Who owns which field: {@code metadata.managedFields} and server-side apply, as upstream's field
 * managers and structured-merge-diff do it (KEP-555).
 *
 * <p>{@link io.troupe.api.apply.ManagedFields} follows every other write; {@link
 * io.troupe.api.apply.ServerSideApply} merges an applied configuration and refuses to take fields
 * from others unless forced. Both are pure functions on JSON trees, driven by the {@link
 * io.troupe.api.kinds.Schema}; trees given to them are never changed.
 *
 * <p>Left out: conversion between versions of a kind; the sets of managers that wrote in another
 * version are read as if they were of this one. A field that two versions spell differently is then
 * owned by its old name until someone writes it again.
 */
package io.troupe.api.apply;
