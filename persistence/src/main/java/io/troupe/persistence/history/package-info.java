/**
 * The journal read as history: who changed what and when, objects as they were, and the proof that
 * nothing was altered or removed.
 *
 * <p>Left out: who may read it, which the API server decides.
 */
package io.troupe.persistence.history;
