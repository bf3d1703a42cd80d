package io.sluice.log;

import static org.jooq.impl.DSL.field;
import static org.jooq.impl.DSL.name;

import io.sluice.filter.Listed;
import io.sluice.store.RowChange;
import io.sluice.store.Store;
import io.sluice.store.TimeOrderedId;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jooq.Field;
import org.jooq.Record;

/** All logs, as rows. */
public final class Logs {
  private static final Field<UUID> ID = column("id", UUID.class);
  private static final Field<Instant> CREATED = column("created", Instant.class);
  private static final Field<String> NAME = column("name", String.class);
  private static final Field<Integer> LEVEL = column("level", Integer.class);
  private static final Field<String> MESSAGE = column("message", String.class);
  private static final Field<Instant> LOGGED = column("logged", Instant.class);
  private static final Field<UUID> FLOW_RUN = column("flow_run_id", UUID.class);
  private static final Field<UUID> TASK_RUN = column("task_run_id", UUID.class);

  /** How listings read it. */
  public static final Listed<Entry> LISTED =
      new Listed<>(
          List.of(ID, CREATED, NAME, LEVEL, MESSAGE, LOGGED, FLOW_RUN, TASK_RUN), Logs::entry);

  private static final String INSERT =
      "INSERT INTO log (id, created, name, level, message, logged, flow_run_id, task_run_id)"
          + " VALUES (?, ?, ?, ?, ?, ?, ?, ?)";
  private static final String DELETE = "DELETE FROM log WHERE flow_run_id = ?";
  private static final String DELETE_OF_TASK = "DELETE FROM log WHERE task_run_id = ?";

  /**
   * A line of a log.
   *
   * @param name of the logger
   * @param timestamp when the client wrote it
   */
  public record Entry(
      UUID id,
      Instant created,
      String name,
      int level,
      String message,
      Instant timestamp,
      UUID flowRunId,
      UUID taskRunId) {

    private Entry stamped(UUID id, Instant created) {
      return new Entry(id, created, name, level, message, timestamp, flowRunId, taskRunId);
    }
  }

  private final Store store;
  private final InstantSource clock;
  private final LogListeners listeners = new LogListeners();
  private volatile Consumer<List<Entry>> stored = lines -> {};

  public Logs(Store store, InstantSource clock) {
    this.store = store;
    this.clock = clock;
  }

  private static <T> Field<T> column(String column, Class<T> type) {
    return field(name("log", column), type);
  }

  /**
   * Adds lines; their ids and times of creation are set here. Once they are stored {@link
   * #listeners} hear them.
   */
  public CompletableFuture<Void> add(List<Entry> lines) {
    if (lines.isEmpty()) {
      return CompletableFuture.completedFuture(null);
    }
    var now = clock.instant();
    var stamped = lines.stream().map(line -> line.stamped(TimeOrderedId.at(now), now)).toList();
    return store
        .writer()
        .write(stamped.stream().map(Logs::insert).toList())
        .thenRun(
            () -> {
              listeners.tell(stamped);
              stored.accept(stamped);
            });
  }

  /** Hands what this node stores to {@code stored}, which must not block. */
  public void onStored(Consumer<List<Entry>> stored) {
    this.stored = stored;
  }

  /** Who hears the lines that are stored, by whichever node. */
  public LogListeners listeners() {
    return listeners;
  }

  private static RowChange insert(Entry line) {
    return RowChange.of(
        INSERT,
        line.id(),
        line.created(),
        line.name(),
        line.level(),
        line.message(),
        line.timestamp(),
        line.flowRunId(),
        line.taskRunId());
  }

  /** Deletes the logs of a flow run. */
  public CompletableFuture<Void> deleteOf(UUID flowRun) {
    return store.writer().write(List.of(RowChange.of(DELETE, flowRun)));
  }

  /** Deletes the logs of a task run. */
  public CompletableFuture<Void> deleteOfTask(UUID taskRun) {
    return store.writer().write(List.of(RowChange.of(DELETE_OF_TASK, taskRun)));
  }

  private static Entry entry(Record row) {
    return new Entry(
        row.get(ID),
        row.get(CREATED),
        row.get(NAME),
        row.get(LEVEL),
        row.get(MESSAGE),
        row.get(LOGGED),
        row.get(FLOW_RUN),
        row.get(TASK_RUN));
  }
}
