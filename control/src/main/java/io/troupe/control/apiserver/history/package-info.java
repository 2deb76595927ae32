/**
 * The journal as history over HTTP: {@code /troupe/v1/history} tells who changed what, with the
 * object before and after, and {@code /troupe/v1/verify} checks the hash chain.
 *
 * <p>Kubernetes has no such component; its audit log is the nearest. Both paths are authorized as
 * non-resource URLs, and what an entry shows of an object needs the right to get that object today.
 */
package io.troupe.control.apiserver.history;
