/**
 * API objects as JSON trees, their keys and metadata, and refusals (Kubernetes {@code Status}).
 *
 * <p>An object is a Jackson {@code ObjectNode} that is <em>never changed once it has left the code
 * that built it</em>: whoever wants to change one takes a {@code deepCopy()} first. Left out: typed
 * classes per kind, on purpose, since kinds are data.
 */
package io.troupe.api.object;
