package io.sluice.run;

import static io.sluice.run.RuleRow.NOW;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.time.Instant;
import java.util.Set;
import java.util.UUID;

/** Flow runs, states and proposals as the table of rules describes them. */
final class Runs {
  static final UUID RUN = new UUID(0x1, 0x1);
  static final UUID DEPLOYMENT = new UUID(0x2, 0x2);
  static final UUID LEASE = new UUID(0x3, 0x3);
  private static final UUID OWN_LEASE = new UUID(0x3, 0x4);
  private static final UUID TRANSITION = new UUID(0x4, 0x4);
  private static final UUID OTHER_TRANSITION = new UUID(0x4, 0x5);

  private Runs() {}

  /** A run in the state and under the circumstances of {@code row}. */
  static FlowRun of(RuleRow row) {
    var spec = new RunSpec.Builder();
    spec.name = "x";
    spec.deploymentId = row.has("ad-hoc") ? null : DEPLOYMENT;
    spec.infrastructurePid = row.has("pid") ? "host:1" : null;
    spec.parentTaskRunId = row.has("subflow") ? new UUID(5, 5) : null;
    var policy =
        new FlowRunPolicy(
            0,
            0,
            row.number("retries"),
            row.number("retry-delay"),
            row.has("fired") ? Set.of(row.words().get("fired")) : Set.of(),
            row.has("resuming"),
            retryType(row.words().get("retry-type")));
    return new FlowRun(
        RUN,
        7,
        NOW.minusSeconds(60),
        NOW.minusSeconds(5),
        spec.build(),
        policy,
        Progress.NONE.withRunCount(row.number("run-count", 0)),
        state(row));
  }

  private static RetryType retryType(String word) {
    return word == null ? null : RetryType.valueOf(word.toUpperCase(java.util.Locale.ROOT));
  }

  static State state(RuleRow row) {
    if (row.from() == null) {
      return null;
    }
    var type = row.from().type();
    var details =
        StateDetails.NONE.with(
            d -> {
              d.scheduledTime = row.time("due");
              if (type == StateType.SCHEDULED && d.scheduledTime == null) {
                d.scheduledTime = NOW.minusSeconds(1);
              }
              d.deploymentConcurrencyLeaseId = row.has("lease") ? LEASE : null;
              d.transitionId =
                  row.has("same-transition") || row.has("other-transition") ? TRANSITION : null;
              d.pauseReschedule = row.has("suspended");
              d.pauseTimeout = row.time("timeout");
            });
    return new State(
        new UUID(6, 6), type, row.from().name(), NOW.minusSeconds(5), null, data(row), details);
  }

  private static JsonNode data(RuleRow row) {
    return row.has("result")
        ? data("reference")
        : row.has("unpersisted") ? data("unpersisted") : null;
  }

  static JsonNode data(String type) {
    return JsonNodeFactory.instance.objectNode().put("type", type);
  }

  static ProposedState proposal(RuleRow row) {
    var details =
        StateDetails.NONE.with(
            d -> {
              d.scheduledTime = row.time("at");
              d.transitionId =
                  row.has("same-transition")
                      ? TRANSITION
                      : row.has("other-transition") ? OTHER_TRANSITION : null;
              d.deploymentConcurrencyLeaseId = row.has("own-lease") ? OWN_LEASE : null;
              d.pauseKey = row.words().get("key");
              d.pauseReschedule = row.has("reschedules");
              d.retriable = row.has("not-retriable") ? false : null;
            });
    return new ProposedState(
        row.proposed().type(),
        row.proposed().name(),
        row.words().get("message"),
        row.has("new-result") ? data("reference") : null,
        details);
  }

  /** A run without a state yet, of a deployment. */
  static FlowRun created(FlowRunPolicy policy) {
    var spec = new RunSpec.Builder();
    spec.name = "x";
    spec.deploymentId = DEPLOYMENT;
    return FlowRun.created(RUN, spec.build(), policy, NOW);
  }

  static State state(StateType type, String name, Instant at) {
    var scheduled = type == StateType.SCHEDULED ? at : null;
    return new State(
        new UUID(at.getEpochSecond(), at.getNano()),
        type,
        name == null ? type.defaultName() : name,
        at,
        null,
        null,
        StateDetails.NONE.with(d -> d.scheduledTime = scheduled));
  }
}
