/**
 * StatefulSets: pods with an ordinal, a name and claims of their own, brought up and changed in
 * order unless the set allows to do it at once.
 *
 * <p>In: StatefulSets, their pods, claims and revisions. Out: the same. Left out: strategy {@code
 * Recreate} (alpha in v1.37).
 */
package io.troupe.control.controllers.stateful;
