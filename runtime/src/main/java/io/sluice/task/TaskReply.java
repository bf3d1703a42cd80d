package io.sluice.task;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.databind.annotation.JsonTypeIdResolver;
import io.sluice.cluster.SealedNames;
import io.sluice.cluster.Wire;
import io.sluice.run.Ruling;

/** What the owner of a task run answers. */
@JsonTypeInfo(use = JsonTypeInfo.Id.CUSTOM, property = "is")
@JsonTypeIdResolver(SealedNames.class)
public sealed interface TaskReply extends Wire {

  record Found(TaskRun run) implements TaskReply {}

  record NoSuchRun() implements TaskReply {}

  /** Another task run has the same identity in its flow run. */
  record Exists() implements TaskReply {}

  /** See {@link io.sluice.run.RunReply.Ruled}. */
  record Ruled(TaskRun run, Ruling.Status status, String reason, int delaySeconds, boolean entered)
      implements TaskReply {}

  record Unavailable(String why) implements TaskReply {}
}
