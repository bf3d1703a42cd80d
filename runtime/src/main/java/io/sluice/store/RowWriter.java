package io.sluice.store;

import java.sql.BatchUpdateException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes rows of many owners in shared commits: whatever waits while one commit is under way goes
 * into the next. Each write is atomic by itself: if one of a commit fails, all of that commit are
 * redone one by one, so that it fails alone.
 *
 * <p>Statements of equal text in a row, also at the same stage of different writes, are sent as one
 * batch. So two writes that touch the same row must not be under way at once, which holds for
 * owners, who await their write.
 */
public final class RowWriter implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(RowWriter.class);

  private record Write(List<RowChange> changes, CompletableFuture<Void> done) {}

  private static final String CLOSED = "The store is closed";
  private static final Write STOP = new Write(List.of(), new CompletableFuture<>());

  private final String name;
  private final DataSource dataSource;
  private final BlockingQueue<Write> queue;
  private final int batchMax;
  private final Thread thread;
  private volatile boolean closed;
  private volatile Consumer<Duration> committed = took -> {};

  RowWriter(String name, DataSource dataSource, StoreSettings settings) {
    this.name = name;
    this.dataSource = dataSource;
    this.queue = new ArrayBlockingQueue<>(settings.queueMax());
    this.batchMax = settings.batchMax();
    this.thread = new Thread(this::run, name);
    thread.setDaemon(true);
    thread.start();
  }

  /**
   * Writes {@code changes} atomically.
   *
   * @return done once durable; fails with {@link StaleRow}, with the {@link SQLException} of a
   *     violated constraint, or with {@link StoreUnavailable} if the queue is full or the store
   *     down. Completed on the writer's thread: chain nothing slow to it.
   */
  public CompletableFuture<Void> write(List<RowChange> changes) {
    var write = new Write(changes, new CompletableFuture<>());
    if (closed) {
      fail(write, new StoreUnavailable(CLOSED, null));
    } else if (!queue.offer(write)) {
      fail(write, new StoreUnavailable("%d writes wait already".formatted(queue.size()), null));
    } else if (closed && queue.remove(write)) {
      // It came behind the end, which nobody would have got beyond.
      fail(write, new StoreUnavailable(CLOSED, null));
    }
    return write.done;
  }

  /**
   * Writes {@code changes} atomically in a commit of their own, on the caller's thread.
   *
   * @throws CompletionException of what {@link #write} fails with
   */
  void writeApart(List<RowChange> changes) {
    try (var connection = dataSource.getConnection()) {
      connection.setAutoCommit(false);
      try {
        executeOne(connection, changes);
        connection.commit();
      } catch (SQLException | StaleRow failed) {
        connection.rollback();
        throw new CompletionException(failed);
      } finally {
        connection.setAutoCommit(true);
      }
    } catch (SQLException down) {
      throw new CompletionException(new StoreUnavailable("The store does not answer", down));
    }
  }

  /** Tells {@code listener}, on the writer's thread, how long each commit took from now on. */
  public void onCommit(Consumer<Duration> listener) {
    committed = listener;
  }

  /** How many writes wait for the next commit. */
  public int waiting() {
    return queue.size();
  }

  private void run() {
    var batch = new ArrayList<Write>(batchMax);
    while (true) {
      batch.clear();
      try {
        batch.add(queue.take());
      } catch (InterruptedException stopped) {
        return;
      }
      queue.drainTo(batch, batchMax - 1);
      boolean stop = batch.remove(STOP);
      if (!batch.isEmpty()) {
        commit(batch);
      }
      if (stop) {
        return;
      }
    }
  }

  private void commit(List<Write> batch) {
    long began = System.nanoTime();
    try (var connection = dataSource.getConnection()) {
      connection.setAutoCommit(false);
      try {
        execute(connection, batch);
        end(connection, batch);
      } catch (SQLException | RuntimeException failed) {
        connection.rollback();
        if (batch.size() > 1) {
          oneByOne(connection, batch);
        } else {
          fail(batch.get(0), failed);
        }
        return;
      } finally {
        connection.setAutoCommit(true);
      }
      committed.accept(Duration.ofNanos(System.nanoTime() - began));
      batch.forEach(write -> write.done.complete(null));
    } catch (SQLException down) {
      LOG.warn("The store does not take writes: {}; {} writes failed", down, batch.size());
      batch.forEach(write -> fail(write, new StoreUnavailable("The store does not answer", down)));
    }
  }

  private void oneByOne(Connection connection, List<Write> batch) throws SQLException {
    for (var write : batch) {
      try {
        executeOne(connection, write.changes);
        end(connection, List.of(write));
        write.done.complete(null);
      } catch (SQLException | RuntimeException failed) {
        connection.rollback();
        fail(write, failed);
      }
    }
  }

  private static void fail(Write write, Exception failed) {
    var first = failed instanceof BatchUpdateException b && b.getNextException() != null;
    write.done.completeExceptionally(
        first ? ((BatchUpdateException) failed).getNextException() : failed);
  }

  private void end(Connection connection, List<Write> batch) throws SQLException {
    if (connection instanceof LoggedConnection logged) {
      logged.commit(name, batch.stream().flatMap(write -> write.changes.stream()).toList());
    } else {
      connection.commit();
    }
  }

  /** Executes the changes of one write, without a commit. */
  static void executeOne(Connection connection, List<RowChange> changes) throws SQLException {
    execute(connection, List.of(new Write(changes, new CompletableFuture<>())));
  }

  /** In the order within each write: the first statements of all, then the second, … */
  private static void execute(Connection connection, List<Write> batch) throws SQLException {
    List<Map<String, List<RowChange>>> stages = new ArrayList<>();
    for (var write : batch) {
      int stage = -1;
      String last = null;
      for (var change : write.changes) {
        if (!change.sql().equals(last)) {
          stage++;
          last = change.sql();
        }
        if (stages.size() == stage) {
          stages.add(new LinkedHashMap<>());
        }
        stages.get(stage).computeIfAbsent(change.sql(), sql -> new ArrayList<>()).add(change);
      }
    }
    for (var stage : stages) {
      for (var alike : stage.values()) {
        executeAlike(connection, alike);
      }
    }
  }

  private static void executeAlike(Connection connection, List<RowChange> changes)
      throws SQLException {
    try (var statement = connection.prepareStatement(changes.get(0).sql())) {
      for (var change : changes) {
        for (int i = 0; i < change.binds().length; i++) {
          statement.setObject(i + 1, jdbc(change.binds()[i]));
        }
        statement.addBatch();
      }
      var hits = statement.executeBatch();
      for (int i = 0; i < hits.length; i++) {
        if (changes.get(i).mustHit() && hits[i] == 0) {
          throw new StaleRow(changes.get(i).sql());
        }
      }
    }
  }

  private static Object jdbc(Object bind) {
    if (bind instanceof Instant instant) {
      return OffsetDateTime.ofInstant(instant, ZoneOffset.UTC);
    }
    return bind instanceof Enum<?> constant ? constant.name() : bind;
  }

  /** Writes what waits, then stops; waits at most 10 s for it. */
  @Override
  public void close() {
    closed = true;
    try {
      if (queue.offer(STOP, 5, TimeUnit.SECONDS)) {
        thread.join(TimeUnit.SECONDS.toMillis(5));
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
