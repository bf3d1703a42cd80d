package io.sluice.run;

import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import java.util.function.Consumer;

/**
 * What goes with a state (Prefect 3.8.8, server/schemas/states.py StateDetails). All nullable;
 * {@code deferred} is false unless somebody said null.
 *
 * @param scheduledTime when the run should start
 * @param transitionId names a proposal, so that the same one sent twice is taken once
 * @param deploymentConcurrencyLeaseId the lease of the deployment's slot that the run holds
 */
public record StateDetails(
    UUID flowRunId,
    UUID taskRunId,
    UUID childFlowRunId,
    Instant scheduledTime,
    String cacheKey,
    Instant cacheExpiration,
    Boolean deferred,
    boolean untrackableResult,
    Instant pauseTimeout,
    boolean pauseReschedule,
    String pauseKey,
    Map<String, String> runInputKeyset,
    Boolean refreshCache,
    Boolean retriable,
    UUID transitionId,
    UUID taskParametersId,
    String traceparent,
    UUID deploymentConcurrencyLeaseId) {

  public static final StateDetails NONE = new Builder().build();

  /** A changed copy. */
  public StateDetails with(Consumer<Builder> change) {
    var builder = new Builder(this);
    change.accept(builder);
    return builder.build();
  }

  /** The fields, to be changed freely before {@link #build()}. */
  public static final class Builder {
    public UUID flowRunId;
    public UUID taskRunId;
    public UUID childFlowRunId;
    public Instant scheduledTime;
    public String cacheKey;
    public Instant cacheExpiration;
    public Boolean deferred = false;
    public boolean untrackableResult;
    public Instant pauseTimeout;
    public boolean pauseReschedule;
    public String pauseKey;
    public Map<String, String> runInputKeyset;
    public Boolean refreshCache;
    public Boolean retriable;
    public UUID transitionId;
    public UUID taskParametersId;
    public String traceparent;
    public UUID deploymentConcurrencyLeaseId;

    public Builder() {}

    private Builder(StateDetails from) {
      this.flowRunId = from.flowRunId;
      this.taskRunId = from.taskRunId;
      this.childFlowRunId = from.childFlowRunId;
      this.scheduledTime = from.scheduledTime;
      this.cacheKey = from.cacheKey;
      this.cacheExpiration = from.cacheExpiration;
      this.deferred = from.deferred;
      this.untrackableResult = from.untrackableResult;
      this.pauseTimeout = from.pauseTimeout;
      this.pauseReschedule = from.pauseReschedule;
      this.pauseKey = from.pauseKey;
      this.runInputKeyset = from.runInputKeyset;
      this.refreshCache = from.refreshCache;
      this.retriable = from.retriable;
      this.transitionId = from.transitionId;
      this.taskParametersId = from.taskParametersId;
      this.traceparent = from.traceparent;
      this.deploymentConcurrencyLeaseId = from.deploymentConcurrencyLeaseId;
    }

    public StateDetails build() {
      return new StateDetails(
          flowRunId,
          taskRunId,
          childFlowRunId,
          scheduledTime,
          cacheKey,
          cacheExpiration,
          deferred,
          untrackableResult,
          pauseTimeout,
          pauseReschedule,
          pauseKey,
          runInputKeyset,
          refreshCache,
          retriable,
          transitionId,
          taskParametersId,
          traceparent,
          deploymentConcurrencyLeaseId);
    }
  }
}
