package io.sluice.store;

/**
 * One statement of a write.
 *
 * @param sql with {@code ?} for each of {@code binds}; equal texts are batched
 * @param mustHit whether exactly one row has to change; otherwise the write fails with {@link
 *     StaleRow}
 */
public record RowChange(String sql, Object[] binds, boolean mustHit) {
  public static RowChange of(String sql, Object... binds) {
    return new RowChange(sql, binds, false);
  }

  public static RowChange fenced(String sql, Object... binds) {
    return new RowChange(sql, binds, true);
  }
}
