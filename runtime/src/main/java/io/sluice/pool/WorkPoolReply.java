package io.sluice.pool;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.databind.annotation.JsonTypeIdResolver;
import io.sluice.cluster.SealedNames;
import io.sluice.cluster.Wire;
import io.sluice.queue.WorkQueue;

/** What the owner of a work pool answers. */
@JsonTypeInfo(use = JsonTypeInfo.Id.CUSTOM, property = "is")
@JsonTypeIdResolver(SealedNames.class)
public sealed interface WorkPoolReply extends Wire {

  record Found(PoolState state) implements WorkPoolReply {}

  /** The queue was made or changed. */
  record FoundQueue(WorkQueue queue) implements WorkPoolReply {}

  record NoSuchPool() implements WorkPoolReply {}

  record NoSuchQueue() implements WorkPoolReply {}

  record NoSuchWorker() implements WorkPoolReply {}

  /** The name is taken. */
  record NameTaken() implements WorkPoolReply {}

  /** The default queue cannot be deleted. */
  record DefaultQueue() implements WorkPoolReply {}

  /** The heartbeat is written. */
  record Heard(long poolVersion) implements WorkPoolReply {}

  record Done() implements WorkPoolReply {}

  record Unavailable(String why) implements WorkPoolReply {}
}
