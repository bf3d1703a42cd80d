package io.sluice.store;

import java.io.IOException;
import java.io.PrintWriter;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.logging.Logger;
import javax.sql.DataSource;

/**
 * H2 made durable: {@code commit()} returns only when the data is on the device. H2 itself writes
 * behind by default and never forces a commit to the device, so that even a killed process loses
 * acknowledged commits; {@code CHECKPOINT SYNC} after the commit forces it. Transactions of a
 * {@link RowWriter}, which are nearly all, go to a {@link RedoLog} instead, if there is one.
 *
 * <p>Commits that finish while another is being forced share the next {@code CHECKPOINT SYNC}. They
 * also share one write, unless the URL says {@code WRITE_DELAY=0}: then each is written by itself
 * and H2's thread that tidies up the file does not run. Statements outside a transaction are not
 * forced; all of Sluice's writes are in transactions.
 */
final class DurableDataSource implements DataSource, AutoCloseable {
  private final DataSource pool;
  private final Object forcing = new Object();
  private long committed;
  private long forced;
  private int begun;
  private long lastNotLogged;
  private RedoLog log;

  DurableDataSource(DataSource pool) {
    this.pool = pool;
  }

  /** From now on the transactions of {@code writers} are logged beside the file of the database. */
  void logTo(Path database, List<String> writers) throws SQLException, IOException {
    try (var connection = pool.getConnection()) {
      log = RedoLog.open(database, connection, writers, this::checkpoint);
    }
  }

  @Override
  public Connection getConnection() throws SQLException {
    return durable(pool.getConnection());
  }

  @Override
  public Connection getConnection(String user, String password) throws SQLException {
    return durable(pool.getConnection(user, password));
  }

  private Connection durable(Connection connection) {
    InvocationHandler handler =
        (proxy, method, arguments) -> {
          try {
            if (!method.getName().equals("commit")) {
              return method.invoke(connection, arguments);
            } else if (arguments == null || log == null) {
              commit(connection);
            } else {
              @SuppressWarnings("unchecked") // the only other commit is LoggedConnection's
              var changes = (List<RowChange>) arguments[1];
              commit(connection, (String) arguments[0], changes);
            }
            return null;
          } catch (InvocationTargetException failed) {
            throw failed.getCause();
          }
        };
    return (Connection)
        Proxy.newProxyInstance(
            DurableDataSource.class.getClassLoader(),
            new Class<?>[] {LoggedConnection.class},
            handler);
  }

  private void commit(Connection connection) throws SQLException {
    long number;
    begun(1);
    try {
      connection.commit();
      number = notLogged();
    } finally {
      begun(-1);
    }
    force(connection, number);
  }

  /**
   * While one is committed and logged no other one is, so that those that build on each other are
   * in the log in their order.
   */
  private void commit(Connection connection, String writer, List<RowChange> changes)
      throws SQLException {
    long number;
    var record = log.next(connection, writer, changes);
    synchronized (log) {
      connection.commit();
      if (mayBeLogged() && log.append(record)) {
        return;
      }
      number = notLogged();
    }
    force(connection, number);
  }

  private synchronized void begun(int more) {
    begun += more;
  }

  private synchronized long notLogged() {
    lastNotLogged = ++committed;
    return committed;
  }

  /**
   * A transaction may build on what it read of another one; if that one is not in the log, and not
   * on the device yet either, it must not be in the log alone.
   */
  private synchronized boolean mayBeLogged() {
    return begun == 0 && forced >= lastNotLogged;
  }

  private void checkpoint() throws SQLException {
    try (var connection = pool.getConnection()) {
      long number;
      synchronized (this) {
        number = ++committed;
      }
      force(connection, number);
    }
  }

  /** Returns when all is on the device that was committed until {@code number}. */
  private void force(Connection connection, long number) throws SQLException {
    synchronized (forcing) {
      long upTo;
      synchronized (this) {
        if (forced >= number) {
          return;
        }
        upTo = committed;
      }
      try (var statement = connection.createStatement()) {
        statement.execute("CHECKPOINT SYNC");
      }
      synchronized (this) {
        forced = upTo;
      }
    }
  }

  @Override
  public PrintWriter getLogWriter() throws SQLException {
    return pool.getLogWriter();
  }

  @Override
  public void setLogWriter(PrintWriter out) throws SQLException {
    pool.setLogWriter(out);
  }

  @Override
  public void setLoginTimeout(int seconds) throws SQLException {
    pool.setLoginTimeout(seconds);
  }

  @Override
  public int getLoginTimeout() throws SQLException {
    return pool.getLoginTimeout();
  }

  @Override
  public Logger getParentLogger() {
    return Logger.getGlobal();
  }

  @Override
  public <T> T unwrap(Class<T> type) throws SQLException {
    return pool.unwrap(type);
  }

  @Override
  public boolean isWrapperFor(Class<?> type) throws SQLException {
    return pool.isWrapperFor(type);
  }

  /** Has H2 write what is only in the log; the pool is not closed. */
  @Override
  public void close() {
    if (log != null) {
      log.close();
    }
  }
}
