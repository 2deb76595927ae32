package io.troupe.persistence.cache;

/**
 * The newest sequence number of every persistence id that ever was, removed objects included, at 16
 * to 32 bytes each: hashes of 64 bits in an open-addressing table. A collision (one in 10^5 at ten
 * million ids) makes a wrong number, which the journal's primary key refuses.
 */
final class Sequences {
  private long[] hashes = new long[1 << 12];
  private int[] numbers = new int[1 << 12];
  private int size;

  synchronized void put(String persistenceId, long sequence) {
    if (size * 3 > hashes.length * 2) {
      grow();
    }
    if (store(hashes, numbers, hash(persistenceId), Math.toIntExact(sequence))) {
      size++;
    }
  }

  /** 0 for an id that never was. */
  synchronized long get(String persistenceId) {
    long hash = hash(persistenceId);
    int slot = slot(hash, hashes.length);
    while (numbers[slot] != 0) {
      if (hashes[slot] == hash) {
        return numbers[slot];
      }
      slot = (slot + 1) & (hashes.length - 1);
    }
    return 0;
  }

  private static boolean store(long[] hashes, int[] numbers, long hash, int number) {
    int slot = slot(hash, hashes.length);
    while (numbers[slot] != 0 && hashes[slot] != hash) {
      slot = (slot + 1) & (hashes.length - 1);
    }
    boolean added = numbers[slot] == 0;
    hashes[slot] = hash;
    numbers[slot] = number;
    return added;
  }

  private void grow() {
    long[] newHashes = new long[hashes.length * 2];
    int[] newNumbers = new int[hashes.length * 2];
    for (int i = 0; i < hashes.length; i++) {
      if (numbers[i] != 0) {
        store(newHashes, newNumbers, hashes[i], numbers[i]);
      }
    }
    hashes = newHashes;
    numbers = newNumbers;
  }

  private static int slot(long hash, int length) {
    return (int) (hash ^ (hash >>> 32)) & (length - 1);
  }

  /** FNV-1a of 64 bits with a final mix. */
  private static long hash(String text) {
    long hash = 0xcbf29ce484222325L;
    for (int i = 0; i < text.length(); i++) {
      hash = (hash ^ text.charAt(i)) * 0x100000001b3L;
    }
    hash ^= hash >>> 33;
    hash *= 0xff51afd7ed558ccdL;
    return hash ^ (hash >>> 33);
  }
}
