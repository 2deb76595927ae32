/**
 * ControllerRevisions: the templates that StatefulSets and DaemonSets had, for rollbacks.
 *
 * <p>In: ControllerRevisions of one owner. Out: the one of the present template, made or renumbered
 * when needed, and removal of those beyond the limit.
 */
package io.troupe.control.controllers.history;
