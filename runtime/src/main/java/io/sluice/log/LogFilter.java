package io.sluice.log;

import java.time.Instant;
import java.util.List;
import java.util.UUID;

/**
 * Which lines somebody wants to hear (Prefect 3.8.8, server/logs/stream.py log_matches_filter). A
 * null asks for nothing in particular; all that is asked for must hold.
 *
 * @param levelMin the least level, inclusive
 * @param levelMax the greatest level, inclusive
 * @param after the earliest timestamp, inclusive
 * @param before the latest timestamp, inclusive
 * @param flowRuns of one of these; an empty list wants nothing
 * @param taskRuns of one of these; an empty list wants nothing
 * @param withoutTaskRun true: of no task run; false: of some task run
 */
public record LogFilter(
    Integer levelMin,
    Integer levelMax,
    Instant after,
    Instant before,
    List<UUID> flowRuns,
    List<UUID> taskRuns,
    Boolean withoutTaskRun) {

  public boolean matches(Logs.Entry line) {
    return (levelMin == null || line.level() >= levelMin)
        && (levelMax == null || line.level() <= levelMax)
        && (after == null || !line.timestamp().isBefore(after))
        && (before == null || !line.timestamp().isAfter(before))
        && in(flowRuns, line.flowRunId())
        && in(taskRuns, line.taskRunId())
        && (withoutTaskRun == null || withoutTaskRun == (line.taskRunId() == null));
  }

  private static boolean in(List<UUID> wanted, UUID id) {
    return wanted == null || id != null && wanted.contains(id);
  }
}
