/**
 * The HTTPS edge on Vert.x: connections and their limits, the shape of request paths, and how
 * answers are written. Nothing here blocks; event-loop threads run it.
 */
package io.troupe.control.apiserver.http;
