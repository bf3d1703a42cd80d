package io.sluice.store;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What H2 has committed but not written yet, on the device: H2 writes whole pages of every index
 * that a transaction touches, some 200 KB for a run's change of state, so it is let write once a
 * second, and each transaction of a {@link RowWriter} is appended to a log instead (some 3 KB). At
 * the next start those that H2 had not written are carried out again: each transaction notes its
 * number in the table {@code redo_mark}, so that H2's file says which it has.
 *
 * <p>Two files take turns: while one is written to, H2 writes all that the other one holds. If both
 * are full, or one cannot be written, {@link #append} says so, and H2 has to write at once.
 */
final class RedoLog implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(RedoLog.class);

  /** Of each of the two files; some 10,000 transactions. */
  private static final long FILE_MOST = 32 << 20;

  /** How long H2 may be behind; at the start it takes about as long to catch up. */
  private static final Duration BEHIND_MOST = Duration.ofSeconds(1);

  private static final String MARK = "UPDATE redo_mark SET number = ? WHERE writer = ?";
  private static final String ADD_MARK = "INSERT INTO redo_mark (writer, number) VALUES (?, 0)";
  private static final String MARKS = "SELECT writer, number FROM redo_mark";

  /** Has H2 write all that it has committed; returns when that is on the device. */
  interface Checkpoint {
    void take() throws SQLException;
  }

  private final Map<String, Long> numbers = new ConcurrentHashMap<>();
  private final Checkpoint checkpoint;
  private final Thread thread;
  private RedoFile active;
  private RedoFile resting;
  private boolean restingFree = true;
  private long round = 1;
  private long records;
  private boolean closed;

  private RedoLog(Path database, Map<String, Long> marks, Checkpoint checkpoint)
      throws IOException {
    var paths = paths(database);
    this.checkpoint = checkpoint;
    this.active = RedoFile.create(paths.get(0), FILE_MOST);
    this.resting = RedoFile.create(paths.get(1), FILE_MOST);
    this.active.begin(round);
    this.numbers.putAll(marks);
    try (var directory = FileChannel.open(database.getParent(), StandardOpenOption.READ)) {
      directory.force(true);
    }
    this.thread = new Thread(this::run, "sluice-checkpoint");
    thread.setDaemon(true);
    thread.start();
  }

  /** H2's file {@code database} has its log beside it, under its name. */
  private static List<Path> paths(Path database) {
    var name = database.getFileName().toString().replaceFirst("\\.mv\\.db$", "");
    return List.of(
        database.resolveSibling(name + ".redo-1"), database.resolveSibling(name + ".redo-2"));
  }

  /**
   * Begins an empty log; see {@link #recover} for the one before.
   *
   * @param writers whose transactions it will take
   */
  static RedoLog open(
      Path database, Connection connection, List<String> writers, Checkpoint checkpoint)
      throws SQLException, IOException {
    var marks = marks(connection);
    for (var writer : writers) {
      if (marks.putIfAbsent(writer, 0L) == null) {
        try (var add = connection.prepareStatement(ADD_MARK)) {
          add.setString(1, writer);
          add.executeUpdate();
        }
      }
    }
    checkpoint.take();
    return new RedoLog(database, marks, checkpoint);
  }

  // ---- writing ----

  /** The record of a transaction that is about to be committed; its mark is part of it. */
  RedoRecord next(Connection connection, String writer, List<RowChange> changes)
      throws SQLException {
    long number = numbers.merge(writer, 1L, Long::sum);
    mark(connection, writer, number);
    return new RedoRecord(writer, number, changes);
  }

  private static void mark(Connection connection, String writer, long number) throws SQLException {
    try (var statement = connection.prepareStatement(MARK)) {
      statement.setLong(1, number);
      statement.setString(2, writer);
      if (statement.executeUpdate() != 1) {
        throw new SQLException("redo_mark has no row of " + writer);
      }
    }
  }

  /**
   * Appends the record of a transaction that is committed.
   *
   * @return whether it is on the device now; if not, H2 has to write
   */
  synchronized boolean append(RedoRecord record) {
    if (closed) {
      return false;
    }
    try {
      boolean begins = active.isEmpty();
      if (!active.append(records, record.bytes())) {
        return false;
      }
      records++;
      if (begins) {
        notifyAll();
      }
      return true;
    } catch (IOException | IllegalArgumentException failed) {
      LOG.warn("A commit does not go to the log, H2 writes it at once: {}", failed.toString());
      return false;
    }
  }

  // ---- checkpoints ----

  private void run() {
    try {
      while (awaitRecords()) {
        takeTurns();
      }
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    }
  }

  /** Whether there are some; false if it is closed. */
  private synchronized boolean awaitRecords() throws InterruptedException {
    while (!closed && active.isEmpty() && restingFree) {
      wait();
    }
    if (!closed) {
      wait(BEHIND_MOST.toMillis());
    }
    return !closed;
  }

  private void takeTurns() {
    synchronized (this) {
      if (restingFree) {
        var full = active;
        active = resting;
        active.begin(++round);
        resting = full;
        restingFree = false;
      }
    }
    try {
      checkpoint.take();
      synchronized (this) {
        restingFree = true;
      }
    } catch (SQLException | RuntimeException failed) {
      LOG.warn("H2 does not write what it has committed, tried again: {}", failed.toString());
    }
  }

  /** Has H2 write all; then the log is gone. If H2 cannot, the log stays for the next start. */
  @Override
  public void close() {
    synchronized (this) {
      if (closed) {
        return;
      }
      closed = true;
      notifyAll();
    }
    try {
      thread.join();
      checkpoint.take();
      active.delete();
      resting.delete();
    } catch (SQLException | IOException failed) {
      LOG.warn("The log of commits stays for the next start: {}", failed.toString());
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  // ---- reading ----

  /** Whether a process that did not end by itself left a log. */
  static boolean isLeft(Path database) {
    return paths(database).stream().anyMatch(Files::exists);
  }

  /**
   * Carries out again what a database had committed but not written when its process ended; then
   * there is no log any more. Does nothing if there is none.
   *
   * @throws UnfitSchema if log and database do not belong together
   */
  static void recover(Path database, Connection connection) throws SQLException, IOException {
    var paths = paths(database);
    var contents =
        Stream.of(RedoFile.read(paths.get(0)), RedoFile.read(paths.get(1)))
            .filter(content -> !content.records().isEmpty())
            .sorted(Comparator.comparingLong(RedoFile.Content::round))
            .toList();
    refuseGap(contents);
    if (!contents.isEmpty()) {
      int redone = redo(contents, connection);
      LOG.info("Carried out {} commits again that the database had not written", redone);
      // What H2 had written need not be on the device either.
      try (var statement = connection.createStatement()) {
        statement.execute("CHECKPOINT SYNC");
      }
    }
    for (var path : paths) {
      Files.deleteIfExists(path);
    }
  }

  private static void refuseGap(List<RedoFile.Content> contents) {
    for (int i = 1; i < contents.size(); i++) {
      var before = contents.get(i - 1);
      long expected = before.firstNumber() + before.records().size();
      if (contents.get(i).firstNumber() != expected) {
        throw UnfitSchema.damagedLog(
            "its records %d to %d are missing or damaged"
                .formatted(expected, contents.get(i).firstNumber() - 1));
      }
    }
  }

  private static int redo(List<RedoFile.Content> contents, Connection connection)
      throws SQLException {
    var marks = marks(connection);
    connection.setAutoCommit(false);
    int redone = 0;
    try {
      for (var content : contents) {
        for (var bytes : content.records()) {
          var record = RedoRecord.of(bytes);
          if (record.number() > marks.getOrDefault(record.writer(), 0L)) {
            redo(record, connection);
            redone++;
          }
        }
      }
    } finally {
      connection.setAutoCommit(true);
    }
    return redone;
  }

  private static void redo(RedoRecord record, Connection connection) throws SQLException {
    try {
      RowWriter.executeOne(connection, record.changes());
      mark(connection, record.writer(), record.number());
      connection.commit();
    } catch (SQLException | StaleRow unfit) {
      connection.rollback();
      throw UnfitSchema.damagedLog(
          "transaction %d of %s cannot be carried out on it: %s"
              .formatted(record.number(), record.writer(), unfit.getMessage()));
    }
  }

  private static Map<String, Long> marks(Connection connection) throws SQLException {
    var marks = new HashMap<String, Long>();
    try (var statement = connection.createStatement();
        var rows = statement.executeQuery(MARKS)) {
      while (rows.next()) {
        marks.put(rows.getString(1), rows.getLong(2));
      }
    }
    return marks;
  }
}
