package io.sluice.run;

import static org.jooq.impl.DSL.field;
import static org.jooq.impl.DSL.name;
import static org.jooq.impl.DSL.table;

import com.fasterxml.jackson.databind.JsonNode;
import io.sluice.filter.Listed;
import io.sluice.store.Docs;
import io.sluice.store.RowChange;
import io.sluice.store.RowTable;
import io.sluice.store.Store;
import io.sluice.store.TagRows;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.Record;
import org.jooq.Table;

/** Flow runs as rows: the run in {@code flow_run}, each state it entered in its history. */
public final class FlowRunTable {
  public static final Table<Record> RUN = table(name("flow_run"));
  public static final Table<Record> HISTORY = table(name("flow_run_history"));
  public static final Field<UUID> ID = field(name("flow_run", "id"), UUID.class);
  public static final Field<String> DOC = field(name("flow_run", "doc"), String.class);
  public static final Field<String> PAYLOAD = field(name("flow_run", "payload"), String.class);

  /** How listings read it. */
  public static final Listed<FlowRun> LISTED =
      new Listed<>(List.of(DOC, PAYLOAD), FlowRunTable::run);

  private static final Field<UUID> PARENT_TASK =
      field(name("flow_run", "parent_task_run_id"), UUID.class);
  private static final Field<String> STATE_TYPE =
      field(name("flow_run", "state_type"), String.class);
  private static final Field<UUID> RUN_ID = field(name("run_id"), UUID.class);
  private static final Field<Instant> ENTERED = field(name("entered"), Instant.class);
  private static final Field<String> STATE = field(name("doc"), String.class);

  private static final String INSERT_STATE =
      "INSERT INTO flow_run_history (id, run_id, entered, doc) VALUES (?, ?, ?, ?)";
  private static final String UPDATE_PAYLOAD = "UPDATE flow_run SET payload = ? WHERE id = ?";
  private static final String ASLEEP =
      "UPDATE flow_run SET wakes_at = NULL WHERE id = ? AND version = ?";
  private static final String DELETE_HISTORY = "DELETE FROM flow_run_history WHERE run_id = ?";
  private static final String DELETE_INPUTS = "DELETE FROM flow_run_input WHERE flow_run_id = ?";

  private static final List<Field<?>> COLUMNS =
      List.of(
          column("created", Instant.class),
          column("updated", Instant.class),
          column("name", String.class),
          column("flow_id", UUID.class),
          column("deployment_id", UUID.class),
          column("work_queue_id", UUID.class),
          column("work_queue_name", String.class),
          column("flow_version", String.class),
          column("parent_task_run_id", UUID.class),
          column("idempotency_key", String.class),
          column("auto_scheduled", Boolean.class),
          column("created_by_id", UUID.class),
          column("created_by_type", String.class),
          column("state_id", UUID.class),
          column("state_type", String.class),
          column("state_name", String.class),
          column("state_timestamp", Instant.class),
          column("run_count", Integer.class),
          column("expected_start_time", Instant.class),
          column("next_scheduled_start_time", Instant.class),
          column("start_time", Instant.class),
          column("start_or_expected", Instant.class),
          column("end_time", Instant.class),
          column("total_run_seconds", Double.class),
          column("wakes_at", Instant.class),
          column("doc", String.class));

  /** What is large and rarely changes, apart from what changes with each state. */
  private record Payload(JsonNode parameters, JsonNode context, JsonNode jobVariables) {
    static Payload of(RunSpec spec) {
      return new Payload(spec.parameters(), spec.context(), spec.jobVariables());
    }
  }

  private final RowTable inserts;
  private final RowTable updates;

  private final WakeBounds bounds;

  public FlowRunTable(Store store, WakeBounds bounds) {
    this.bounds = bounds;
    var withPayload = new ArrayList<Field<?>>(COLUMNS);
    withPayload.add(column("payload", String.class));
    this.inserts = new RowTable(store.sql(), RUN, withPayload);
    this.updates = new RowTable(store.sql(), RUN, COLUMNS);
  }

  private static <T> Field<T> column(String name, Class<T> type) {
    return field(name(name), type);
  }

  // ---- writing ----

  List<RowChange> insert(FlowRun run) {
    var values = new ArrayList<>(values(run));
    values.add(Docs.write(Payload.of(run.spec())));
    var changes = new ArrayList<RowChange>();
    changes.add(inserts.insert(run.id(), run.version(), values));
    if (run.state() != null) {
      changes.add(entered(run));
    }
    changes.addAll(TagRows.insert(run.id(), run.spec().tags()));
    return changes;
  }

  List<RowChange> update(FlowRun before, FlowRun after) {
    var changes = new ArrayList<RowChange>();
    changes.add(updates.update(after.id(), after.version(), values(after)));
    if (after.state() != null && !after.state().equals(before.state())) {
      changes.add(entered(after));
    }
    var payload = Payload.of(after.spec());
    if (!payload.equals(Payload.of(before.spec()))) {
      changes.add(RowChange.of(UPDATE_PAYLOAD, Docs.write(payload), after.id()));
    }
    changes.addAll(TagRows.change(after.id(), before.spec().tags(), after.spec().tags()));
    return changes;
  }

  List<RowChange> delete(FlowRun run) {
    return List.of(
        inserts.delete(run.id(), run.version()),
        RowChange.of(DELETE_HISTORY, run.id()),
        RowChange.of(DELETE_INPUTS, run.id()),
        TagRows.delete(run.id()));
  }

  private static RowChange entered(FlowRun run) {
    var state = run.state();
    return RowChange.of(INSERT_STATE, state.id(), run.id(), state.timestamp(), Docs.write(state));
  }

  private List<Object> values(FlowRun run) {
    var spec = run.spec();
    var state = run.state();
    var place = spec.place();
    var by = spec.createdBy();
    return Arrays.asList(
        run.created(),
        run.updated(),
        spec.name(),
        spec.flowId(),
        spec.deploymentId(),
        place == null ? null : place.queueId(),
        place == null ? spec.queueName() : place.queueName(),
        spec.flowVersion(),
        spec.parentTaskRunId(),
        spec.idempotencyKey(),
        spec.autoScheduled(),
        by == null ? null : by.id(),
        by == null ? null : by.type(),
        state == null ? null : state.id(),
        state == null ? null : state.type(),
        state == null ? null : state.name(),
        state == null ? null : state.timestamp(),
        run.progress().runCount(),
        run.progress().expectedStart(),
        run.progress().nextScheduledStart(),
        run.progress().start(),
        run.progress().startOrExpected(),
        run.progress().end(),
        run.progress().totalRunSeconds(),
        WakeCall.at(run, bounds, null),
        Docs.write(withoutPayload(run)));
  }

  private static FlowRun withoutPayload(FlowRun run) {
    var slim =
        run.spec()
            .with(
                spec -> {
                  spec.parameters = null;
                  spec.context = null;
                  spec.jobVariables = null;
                });
    return new FlowRun(
        run.id(),
        run.version(),
        run.created(),
        run.updated(),
        slim,
        run.policy(),
        run.progress(),
        run.state());
  }

  /** Notes that the run has nothing more to do by itself, if nobody else wrote it meanwhile. */
  static RowChange asleep(FlowRun run) {
    return RowChange.fenced(ASLEEP, run.id(), run.version());
  }

  // ---- reading ----

  /** Runs below {@code parent} that have not ended: those its task runs stand for. */
  List<UUID> unfinishedBelow(DSLContext sql, UUID parent) {
    var task = table(name("task_run"));
    return sql.select(ID)
        .from(RUN)
        .join(task)
        .on(field(name("task_run", "id"), UUID.class).eq(PARENT_TASK))
        .where(field(name("task_run", "flow_run_id"), UUID.class).eq(parent))
        .and(STATE_TYPE.notIn(StateType.TERMINAL.stream().map(Enum::name).toList()))
        .fetch(ID);
  }

  Optional<FlowRun> find(DSLContext sql, UUID id) {
    return sql.select(DOC, PAYLOAD).from(RUN).where(ID.eq(id)).fetchOptional(FlowRunTable::run);
  }

  /** The run of a row that has {@link #DOC} and {@link #PAYLOAD}. */
  public static FlowRun run(Record row) {
    var run = Docs.read(row.get(DOC), FlowRun.class);
    var payload = Docs.read(row.get(PAYLOAD), Payload.class);
    var spec =
        run.spec()
            .with(
                full -> {
                  full.parameters = payload.parameters();
                  full.context = payload.context();
                  full.jobVariables = payload.jobVariables();
                });
    return new FlowRun(
        run.id(),
        run.version(),
        run.created(),
        run.updated(),
        spec,
        run.policy(),
        run.progress(),
        run.state());
  }

  /** Runs of a deployment that are SCHEDULED. */
  List<UUID> scheduledOf(DSLContext sql, UUID deployment) {
    return sql.select(ID)
        .from(RUN)
        .where(field(name("deployment_id"), UUID.class).eq(deployment))
        .and(field(name("state_type"), String.class).eq(StateType.SCHEDULED.name()))
        .fetch(ID);
  }

  /** The states a run entered, oldest first. */
  List<State> history(DSLContext sql, UUID runId) {
    return sql.select(STATE)
        .from(HISTORY)
        .where(RUN_ID.eq(runId))
        .orderBy(ENTERED)
        .fetch(row -> Docs.read(row.get(STATE), State.class));
  }

  /** One state that any run entered. */
  Optional<State> state(DSLContext sql, UUID stateId) {
    return sql.select(STATE)
        .from(HISTORY)
        .where(field(name("id"), UUID.class).eq(stateId))
        .fetchOptional(row -> Docs.read(row.get(STATE), State.class));
  }
}
