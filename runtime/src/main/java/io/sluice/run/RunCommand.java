package io.sluice.run;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.annotation.JsonTypeIdResolver;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sluice.cluster.SealedNames;
import java.util.List;
import java.util.Set;
import java.util.UUID;

/** What may be asked of the owner of a flow run. */
@JsonTypeInfo(use = JsonTypeInfo.Id.CUSTOM, property = "is")
@JsonTypeIdResolver(SealedNames.class)
public sealed interface RunCommand {

  /** The run as it is now. */
  record Get() implements RunCommand {}

  /** Brings the run into being in {@code state}, which only the forced rules judge. */
  record Create(RunSpec spec, FlowRunPolicy policy, ProposedState state) implements RunCommand {}

  /** Asks the run to enter a state. Asking again with the same transition id changes nothing. */
  record Propose(Proposal proposal) implements RunCommand {}

  /** Changes what was asked for. Fields not in {@code given} stay; a given null clears. */
  record Change(
      Set<Field> given,
      String name,
      String flowVersion,
      JsonNode parameters,
      FlowRunPolicy policy,
      List<String> tags,
      String infrastructurePid,
      JsonNode jobVariables)
      implements RunCommand {
    public Change {
      // What is read from JSON has its null.
      jobVariables = jobVariables != null && jobVariables.isNull() ? null : jobVariables;
    }

    /** The fields that can be changed. */
    public enum Field {
      NAME,
      FLOW_VERSION,
      PARAMETERS,
      POLICY,
      TAGS,
      INFRASTRUCTURE_PID,
      JOB_VARIABLES
    }

    /** {@code before} with the fields that are given. */
    RunSpec of(RunSpec before) {
      return before.with(
          s -> {
            s.name = given(Field.NAME, name, s.name);
            s.flowVersion = given(Field.FLOW_VERSION, flowVersion, s.flowVersion);
            s.parameters = given(Field.PARAMETERS, parameters, s.parameters);
            s.tags = given(Field.TAGS, tags, s.tags);
            s.infrastructurePid =
                given(Field.INFRASTRUCTURE_PID, infrastructurePid, s.infrastructurePid);
            s.jobVariables = given(Field.JOB_VARIABLES, jobVariables, s.jobVariables);
          });
    }

    FlowRunPolicy of(FlowRunPolicy before) {
      return given(Field.POLICY, policy, before);
    }

    private <T> T given(Field field, T value, T before) {
      return given.contains(field) ? value : before;
    }
  }

  /** Adds labels to those the run has. */
  record AddLabels(JsonNode labels) implements RunCommand {

    /** {@code before} with the labels added; a label that it has already is replaced. */
    RunSpec to(RunSpec before) {
      ObjectNode merged = JsonNodeFactory.instance.objectNode();
      if (before.labels() instanceof ObjectNode present) {
        merged.setAll(present);
      }
      if (labels instanceof ObjectNode more) {
        merged.setAll(more);
      }
      return before.with(s -> s.labels = merged);
    }
  }

  /** Deletes the run; its slots are free at once. */
  record Delete() implements RunCommand {}

  /** Deletes the run if it is {@link FlowRun#isObsolete obsolete}. */
  record Unschedule(Obsolete why) implements RunCommand {}

  /** Why runs that have not begun are not wanted any more. */
  enum Obsolete {
    /** Their deployment is deleted. */
    DEPLOYMENT_DELETED,
    /** Their deployment, or one of its schedules, is paused. */
    DEPLOYMENT_PAUSED,
    /** Their deployment or its schedules changed. */
    DEPLOYMENT_CHANGED
  }

  /** The run was handed to a worker, who will propose it PENDING and may be kept waiting. */
  record Offer(String worker) implements RunCommand {}

  /** Something was heard of the process that runs it. */
  record Heard() implements RunCommand {}

  /** Has the run do what is due by itself, see {@link WakeCall}; nothing if nothing is. */
  record Wake() implements RunCommand {}

  /** The proposer of a held proposal is gone: it no longer waits. */
  record Withdraw(UUID proposal) implements RunCommand {}
}
