/**
 * The patch formats of the Kubernetes API as pure functions from an object and a patch to a new
 * object: JSON Patch (RFC 6902), JSON Merge Patch (RFC 7386) and strategic merge patch, which reads
 * merge keys and strategies from the {@link io.troupe.api.kinds.Schema}.
 *
 * <p>The object given is never changed, and the result shares nothing with it or with the patch. A
 * patch that cannot be applied is a {@link io.troupe.api.object.RefusedException} with upstream's
 * code: 400 for one that is no patch, 422 for one that does not fit the object, 413 for one that is
 * too large.
 *
 * <p>Left out: apply patches, which need to know who owns which field ({@code api.apply}), and the
 * making of patches.
 */
package io.troupe.api.patch;
