package io.sluice.store;

/**
 * Somebody else changed the row since it was read: the writer is no longer its owner. Nothing was
 * changed.
 */
public final class StaleRow extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public StaleRow(String sql) {
    super("no row has the expected version: " + sql);
  }
}
