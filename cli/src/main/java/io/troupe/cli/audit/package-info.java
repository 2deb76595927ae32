/**
 * The history as people read it: what changed between two states of an object, and whether the journal, replayed,
 * gives what the API serves. Works over HTTP with a kubeconfig, against {@code /troupe/v1/} and {@code /at/}.
 */
package io.troupe.cli.audit;
