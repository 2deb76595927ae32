package io.troupe.node.kubelet.volume;

/**
 * A file of a volume that is made from API objects.
 *
 * @param mode permission bits
 * @param uid owner, 0 for root
 */
public record FileEntry(byte[] content, int mode, long uid) {}
