/**
 * Collects objects whose owners are gone, and carries out foreground and orphan deletion.
 *
 * <p>In: every type that can be listed and deleted. Out: deletions of dependents, their owner
 * references, and the finalizers {@code orphan} and {@code foregroundDeletion} of owners. What
 * looks absent in the view is confirmed at the API server before anything is deleted, since the
 * view may show a dependent before its owner. Two watch streams never need to agree.
 */
package io.troupe.control.controllers.garbage;
