package io.sluice.deployment;

import java.util.List;

/**
 * One thing in which values do not fit a schema.
 *
 * @param path from the whole to the value, by names and indexes; that of a missing value leads to
 *     where it should be
 * @param reason for people
 */
public record Misfit(List<Object> path, String reason) {
  public Misfit {
    path = List.copyOf(path);
  }
}
