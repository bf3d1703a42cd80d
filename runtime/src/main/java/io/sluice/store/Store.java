package io.sluice.store;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.io.IOException;
import java.sql.SQLException;
import java.sql.SQLNonTransientConnectionException;
import java.sql.SQLTransientException;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.MigrationInfo;
import org.flywaydb.core.api.MigrationInfoService;
import org.jooq.DSLContext;
import org.jooq.SQLDialect;
import org.jooq.conf.RenderQuotedNames;
import org.jooq.conf.Settings;
import org.jooq.impl.DSL;

/**
 * The store of a node: one pool of connections for everything, brought to the current schema when
 * opened. Reads and writes run on threads of its own; callers get futures.
 */
public final class Store implements AutoCloseable {
  /** An SQL state of H2 and PostgreSQL. */
  private static final String UNIQUE_VIOLATION = "23505";

  /** H2 keeps texts above 256 bytes apart by default, which costs more than writing the row. */
  private static final String INLINE = "SET MAX_LENGTH_INPLACE_LOB 16384";

  /**
   * For how long, in milliseconds, H2 leaves dead data in its file: 45 s by default, for it does
   * not know when the device has what it wrote. Here H2 is forced to the device after a second, see
   * {@link RedoLog}. The file of a busy node would be several times as big.
   */
  private static final String RETENTION = "SET RETENTION_TIME 10000";

  private static final String ROW_WRITER = "sluice-row-writer";
  private static final String JOURNAL_WRITER = "sluice-journal-writer";
  private static final String EVENT_WRITER = "sluice-event-writer";

  /**
   * PostgreSQL keeps the rows locked that a node had begun to write when it was cut off, until it
   * notices that the connection is dead: the next owner of its limits would wait for that. No
   * transaction of Sluice waits so long between two statements.
   */
  private static final String LET_GO = "SET idle_in_transaction_session_timeout = '5s'";

  private final StoreSettings settings;
  private final HikariDataSource pool;
  private final DataSource durable;
  private final ThreadPoolExecutor readers;
  private final DSLContext sql;
  private final RowWriter writer;
  private final RowWriter journalWriter;
  private final RowWriter eventWriter;

  static {
    // H2 looks up each value it reads in a table of soft references, to share equal ones: more work
    // for reader and collector than the copy. Whoever sets the property otherwise has it so.
    System.getProperties().putIfAbsent("h2.objectCache", "false");
  }

  private Store(StoreSettings settings) {
    this.settings = settings;
    this.pool = pool(settings);
    this.durable = settings.isH2() ? new DurableDataSource(pool) : pool;
    this.sql = DSL.using(durable, settings.dialect(), jooq());
    this.readers = readers(settings);
    try {
      recover();
      migrate(durable, settings);
      if (settings.isH2()) {
        sql.execute(INLINE);
        sql.execute(RETENTION);
      }
      beginLog();
    } catch (RuntimeException unfit) {
      pool.close();
      throw unfit;
    }
    this.writer = new RowWriter(ROW_WRITER, durable, settings);
    this.journalWriter = new RowWriter(JOURNAL_WRITER, durable, settings);
    this.eventWriter = new RowWriter(EVENT_WRITER, durable, settings);
  }

  /** Before the schema changes: the log speaks of the one before. */
  private void recover() {
    var database = settings.databaseFile();
    if (database.isPresent()) {
      try (var connection = pool.getConnection()) {
        RedoLog.recover(database.get(), connection);
      } catch (SQLException | IOException failed) {
        throw new StoreUnavailable("The log of its last commits cannot be read", failed);
      }
    }
  }

  private void beginLog() {
    var database = settings.databaseFile();
    if (database.isPresent() && durable instanceof DurableDataSource h2) {
      try {
        h2.logTo(database.get(), List.of(ROW_WRITER, JOURNAL_WRITER, EVENT_WRITER));
      } catch (SQLException | IOException failed) {
        throw new StoreUnavailable("The log of its commits cannot be written", failed);
      }
    }
  }

  /**
   * Opens the store and migrates it.
   *
   * @throws StoreUnavailable if it cannot be reached, is in use by another process, or holds
   *     something else; by {@link UnfitSchema} if it holds nothing although it must, or the data of
   *     a newer version
   */
  public static Store open(StoreSettings settings) {
    try {
      return new Store(settings);
    } catch (RuntimeException failed) {
      throw new StoreUnavailable("The store %s cannot be opened".formatted(settings.url()), failed);
    }
  }

  public DataSource dataSource() {
    return durable;
  }

  public StoreSettings settings() {
    return settings;
  }

  public SQLDialect dialect() {
    return settings.dialect();
  }

  /** Renders SQL; also runs it, on the caller's thread. */
  public DSLContext sql() {
    return sql;
  }

  /** Writes rows in shared commits; see {@link RowWriter}. */
  public RowWriter writer() {
    return writer;
  }

  /** Writes what owners decided, which nobody's rows shall hold up. */
  RowWriter journalWriter() {
    return journalWriter;
  }

  /** Writes events, of which many at once are written behind whoever publishes them. */
  public RowWriter eventWriter() {
    return eventWriter;
  }

  /**
   * Runs {@code query} on a reader thread. Fails with {@link StoreUnavailable} if too many wait, or
   * the database is away.
   */
  public <T> CompletableFuture<T> read(Function<DSLContext, T> query) {
    return submit(() -> query.apply(sql));
  }

  /**
   * Runs {@code change} in one transaction on a reader thread; the future completes once it is
   * durable. For rare changes; frequent ones go through {@link #writer()}.
   */
  public <T> CompletableFuture<T> write(Function<DSLContext, T> change) {
    return submit(() -> sql.transactionResult(tx -> change.apply(tx.dsl())));
  }

  /**
   * Writes {@code changes} in one transaction of their own on a reader thread: so many rows at once
   * would hold up the shared commits of {@link #writer()}. Fails as that does. Equal statements
   * should follow each other.
   */
  public CompletableFuture<Void> writeApart(List<RowChange> changes) {
    return submit(
        () -> {
          writer.writeApart(changes);
          return null;
        });
  }

  private <T> CompletableFuture<T> submit(java.util.function.Supplier<T> work) {
    var done = new CompletableFuture<T>();
    try {
      readers.execute(
          () -> {
            try {
              done.complete(work.get());
            } catch (Throwable failed) {
              done.completeExceptionally(isAway(failed) ? unavailable(failed) : failed);
            }
          });
    } catch (RejectedExecutionException full) {
      done.completeExceptionally(
          new StoreUnavailable(
              "%d queries wait for the store already".formatted(settings.readQueueMax()), null));
    }
    return done;
  }

  /** Whether something failed because the database is away, stops, or is too busy; not for good. */
  static boolean isAway(Throwable failure) {
    for (var cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof SQLTransientException
          || cause instanceof SQLNonTransientConnectionException
          || cause instanceof SQLException sql && isAway(String.valueOf(sql.getSQLState()))) {
        return true;
      }
    }
    return false;
  }

  /** No connection, an operator's intervention, no resources, no time; a conflict, which passes. */
  private static boolean isAway(String state) {
    return state.startsWith("08")
        || state.startsWith("HYT")
        || state.startsWith("57P")
        || state.startsWith("53")
        || state.startsWith("40");
  }

  private static StoreUnavailable unavailable(Throwable failure) {
    var why = failure.getCause() == null ? failure.getMessage() : failure.getCause().getMessage();
    return new StoreUnavailable("The store does not answer: " + firstLine(why), failure);
  }

  private static String firstLine(String text) {
    return String.valueOf(text).lines().findFirst().orElse("");
  }

  /** Whether a write failed because a row with the same unique key exists. */
  public static boolean isDuplicate(Throwable failure) {
    for (var cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof SQLException sql && UNIQUE_VIOLATION.equals(sql.getSQLState())) {
        return true;
      }
    }
    return false;
  }

  /** How many queries wait for a thread. */
  public int readsWaiting() {
    return readers.getQueue().size();
  }

  /** How many connections of the pool somebody uses. */
  public int connectionsInUse() {
    return pool.getHikariPoolMXBean().getActiveConnections();
  }

  /** Fails if the store does not answer. */
  public CompletableFuture<Void> ping() {
    return read(sql -> sql.selectOne().fetchOne()).thenApply(one -> null);
  }

  @Override
  public void close() {
    writer.close();
    journalWriter.close();
    eventWriter.close();
    readers.shutdown();
    if (durable instanceof DurableDataSource h2) {
      h2.close();
    }
    pool.close();
  }

  private static HikariDataSource pool(StoreSettings settings) {
    var config = new HikariConfig();
    config.setPoolName("sluice");
    config.setJdbcUrl(settings.url());
    config.setUsername(settings.user());
    config.setPassword(settings.password());
    config.setMaximumPoolSize(settings.connectionsMax());
    config.setConnectionTimeout(settings.connectionTimeout().toMillis());
    if (!settings.isH2()) {
      config.setConnectionInitSql(LET_GO);
    }
    return new HikariDataSource(config);
  }

  private static ThreadPoolExecutor readers(StoreSettings settings) {
    var count = new AtomicInteger();
    var threads =
        new ThreadPoolExecutor(
            settings.readersMax(),
            settings.readersMax(),
            30,
            TimeUnit.SECONDS,
            new ArrayBlockingQueue<>(settings.readQueueMax()),
            work -> {
              var thread = new Thread(work, "sluice-store-" + count.incrementAndGet());
              thread.setDaemon(true);
              return thread;
            });
    threads.allowCoreThreadTimeOut(true);
    return threads;
  }

  private static Settings jooq() {
    return new Settings()
        .withRenderQuotedNames(RenderQuotedNames.NEVER)
        .withExecuteLogging(false)
        .withRenderSchema(false);
  }

  private static void migrate(DataSource dataSource, StoreSettings settings) {
    var bytes = settings.isH2() ? "BLOB" : "BYTEA";
    var text = settings.isH2() ? "CHARACTER LARGE OBJECT" : "TEXT";
    var configuration = Flyway.configure();
    // Its connections wait for each other in transactions, longer than those of the pool may.
    var flyway =
        (settings.isH2()
                ? configuration.dataSource(dataSource)
                : configuration.dataSource(settings.url(), settings.user(), settings.password()))
            .locations(
                "classpath:io/sluice/store/migration",
                "classpath:io/sluice/store/" + (settings.isH2() ? "h2" : "postgresql"))
            .placeholders(java.util.Map.of("bytes", bytes, "text", text))
            .load();
    refuseUnfit(flyway.info(), settings.mayBeNew());
    flyway.migrate();
  }

  /** Flyway itself takes a later schema for one of its own. */
  private static void refuseUnfit(MigrationInfoService schema, boolean mayBeNew) {
    var current = schema.current();
    if (current == null) {
      if (!mayBeNew) {
        throw UnfitSchema.lost();
      }
      return;
    }
    var known =
        Arrays.stream(schema.all())
            .filter(migration -> migration.getState().isResolved())
            .map(MigrationInfo::getVersion)
            .max(Comparator.naturalOrder())
            .orElseThrow();
    if (current.getVersion().compareTo(known) > 0) {
      throw UnfitSchema.newer(current.getVersion().getVersion(), known.getVersion());
    }
  }
}
