package io.troupe.persistence.journal;

/**
 * A row as it was read.
 *
 * @param timeMillis when it was written, milliseconds since the epoch
 */
public record JournalRow(
    long revision,
    String persistenceId,
    long sequence,
    long timeMillis,
    String manifest,
    byte[] payload) {

  public boolean isRemoval() {
    return manifest.equals(REMOVED);
  }

  /** An object's new image. */
  public static final String OBJECT = "object";

  /** An object's last image. */
  public static final String REMOVED = "removed";
}
