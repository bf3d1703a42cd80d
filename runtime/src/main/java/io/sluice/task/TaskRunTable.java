package io.sluice.task;

import static org.jooq.impl.DSL.field;
import static org.jooq.impl.DSL.name;
import static org.jooq.impl.DSL.table;

import io.sluice.filter.Listed;
import io.sluice.run.State;
import io.sluice.run.StateType;
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

/** Task runs as rows: the run in {@code task_run}, each state it entered in its history. */
public final class TaskRunTable {
  public static final Table<Record> RUN = table(name("task_run"));
  public static final Field<UUID> ID = field(name("task_run", "id"), UUID.class);
  public static final Field<UUID> FLOW_RUN = field(name("task_run", "flow_run_id"), UUID.class);
  public static final Field<String> DOC = field(name("task_run", "doc"), String.class);

  /** How listings read it. */
  public static final Listed<TaskRun> LISTED = new Listed<>(List.of(DOC), TaskRunTable::run);

  private static final Field<String> TASK_KEY = column("task_key", String.class);
  private static final Field<String> DYNAMIC_KEY = column("dynamic_key", String.class);
  private static final Table<Record> HISTORY = table(name("task_run_history"));
  private static final Field<UUID> HISTORY_RUN = column("run_id", UUID.class);
  private static final Field<String> STATE = column("doc", String.class);

  private static final String INSERT_STATE =
      "INSERT INTO task_run_history (id, run_id, entered, doc) VALUES (?, ?, ?, ?)";
  private static final String DELETE_HISTORY = "DELETE FROM task_run_history WHERE run_id = ?";

  private static final List<Field<?>> COLUMNS =
      List.of(
          column("created", Instant.class),
          column("updated", Instant.class),
          column("name", String.class),
          column("flow_run_id", UUID.class),
          TASK_KEY,
          DYNAMIC_KEY,
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
          column("doc", String.class));

  private final RowTable rows;

  public TaskRunTable(Store store) {
    this.rows = new RowTable(store.sql(), RUN, COLUMNS);
  }

  private static <T> Field<T> column(String name, Class<T> type) {
    return field(name(name), type);
  }

  // ---- writing ----

  List<RowChange> insert(TaskRun run, List<State> entered) {
    var changes = new ArrayList<RowChange>();
    changes.add(rows.insert(run.id(), run.version(), values(run)));
    entered.forEach(state -> changes.add(entered(run.id(), state)));
    changes.addAll(TagRows.insert(run.id(), run.spec().tags()));
    return changes;
  }

  /**
   * @param entered states to add to the history
   */
  List<RowChange> update(TaskRun before, TaskRun after, List<State> entered) {
    var changes = new ArrayList<RowChange>();
    changes.add(rows.update(after.id(), after.version(), values(after)));
    entered.forEach(state -> changes.add(entered(after.id(), state)));
    changes.addAll(TagRows.change(after.id(), before.spec().tags(), after.spec().tags()));
    return changes;
  }

  List<RowChange> delete(TaskRun run) {
    return List.of(
        rows.delete(run.id(), run.version()),
        RowChange.of(DELETE_HISTORY, run.id()),
        TagRows.delete(run.id()));
  }

  static RowChange entered(UUID run, State state) {
    return RowChange.of(INSERT_STATE, state.id(), run, state.timestamp(), Docs.write(state));
  }

  private static List<Object> values(TaskRun run) {
    var spec = run.spec();
    var state = run.state();
    return Arrays.asList(
        run.created(),
        run.updated(),
        spec.name(),
        spec.flowRunId(),
        spec.taskKey(),
        spec.dynamicKey(),
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
        Docs.write(run));
  }

  // ---- reading ----

  Optional<TaskRun> find(DSLContext sql, UUID id) {
    return sql.select(DOC).from(RUN).where(ID.eq(id)).fetchOptional(TaskRunTable::run);
  }

  Optional<TaskRun> find(DSLContext sql, UUID flowRun, String taskKey, String dynamicKey) {
    return sql.select(DOC)
        .from(RUN)
        .where(flowRun == null ? FLOW_RUN.isNull() : FLOW_RUN.eq(flowRun))
        .and(TASK_KEY.eq(taskKey))
        .and(DYNAMIC_KEY.eq(dynamicKey))
        .limit(1)
        .fetchOptional(TaskRunTable::run);
  }

  List<UUID> ofFlowRun(DSLContext sql, UUID flowRun) {
    return sql.select(ID).from(RUN).where(FLOW_RUN.eq(flowRun)).fetch(ID);
  }

  /** Task runs of {@code flowRun} that have not ended; of those some may hold slots. */
  List<UUID> holdingSlotsOf(DSLContext sql, UUID flowRun) {
    return sql.select(ID)
        .from(RUN)
        .where(FLOW_RUN.eq(flowRun))
        .and(column("state_type", String.class).in("RUNNING", "CANCELLING"))
        .fetch(ID);
  }

  /** Task runs of {@code flowRun} that have not ended, be it that they never began. */
  List<UUID> unfinishedOf(DSLContext sql, UUID flowRun) {
    var ended = StateType.TERMINAL.stream().map(Enum::name).toList();
    var type = column("state_type", String.class);
    return sql.select(ID).from(RUN).where(FLOW_RUN.eq(flowRun)).and(type.notIn(ended)).fetch(ID);
  }

  /** The states a run entered, oldest first. */
  List<State> history(DSLContext sql, UUID run) {
    return sql.select(STATE)
        .from(HISTORY)
        .where(HISTORY_RUN.eq(run))
        .orderBy(column("entered", Instant.class))
        .fetch(row -> Docs.read(row.get(STATE), State.class));
  }

  /** One state that any run entered. */
  Optional<State> state(DSLContext sql, UUID stateId) {
    return sql.select(STATE)
        .from(HISTORY)
        .where(column("id", UUID.class).eq(stateId))
        .fetchOptional(row -> Docs.read(row.get(STATE), State.class));
  }

  /** The run of a row that has {@link #DOC}. */
  public static TaskRun run(Record row) {
    return Docs.read(row.get(DOC), TaskRun.class);
  }
}
