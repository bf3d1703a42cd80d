package io.sluice.prefect;

import io.sluice.http.Body;
import io.sluice.log.LogFilter;
import io.sluice.log.Logs;
import java.time.Instant;
import java.util.UUID;

/** Wire shape of a line of a log (Prefect 3.8.8, server/schemas/core.py Log). */
record LogJson(
    UUID id,
    Instant created,
    Instant updated,
    String name,
    int level,
    String message,
    Instant timestamp,
    UUID flowRunId,
    UUID taskRunId) {

  static LogJson of(Logs.Entry line) {
    return new LogJson(
        line.id(),
        line.created(),
        line.created(),
        line.name(),
        line.level(),
        line.message(),
        line.timestamp(),
        line.flowRunId(),
        line.taskRunId());
  }

  /** LogFilter, of a stream. Parts that are not known do not restrict. */
  static LogFilter filter(Body body) {
    var level = body.object("level");
    var timestamp = body.object("timestamp");
    var taskRun = body.object("task_run_id");
    return new LogFilter(
        level.flatMap(l -> l.integer("ge_")).orElse(null),
        level.flatMap(l -> l.integer("le_")).orElse(null),
        timestamp.flatMap(t -> t.time("after_")).orElse(null),
        timestamp.flatMap(t -> t.time("before_")).orElse(null),
        body.object("flow_run_id").flatMap(f -> f.ids("any_")).orElse(null),
        taskRun.flatMap(t -> t.ids("any_")).orElse(null),
        taskRun.flatMap(t -> t.bool("is_null_")).orElse(null));
  }
}
