package io.sluice.store;

import java.io.PrintWriter;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.logging.Logger;
import javax.sql.DataSource;

/**
 * H2 made durable: {@code commit()} returns only when the data is on the device. H2 itself writes
 * behind by default and never forces a commit to the device, so that even a killed process loses
 * acknowledged commits; {@code CHECKPOINT SYNC} after the commit forces it (measured: nothing lost
 * over kill -9, about 0.2 ms a commit on a fast disk).
 *
 * <p>Commits that finish while another is being forced share the next {@code CHECKPOINT SYNC}. They
 * also share one write, unless the URL says {@code WRITE_DELAY=0}: then each is written by itself
 * and H2's thread that tidies up the file does not run. Statements outside a transaction are not
 * forced; all of Sluice's writes are in transactions.
 */
final class DurableDataSource implements DataSource {
  private final DataSource pool;
  private final Object forcing = new Object();
  private long committed;
  private long forced;

  DurableDataSource(DataSource pool) {
    this.pool = pool;
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
            var result = method.invoke(connection, arguments);
            if (method.getName().equals("commit")) {
              force(connection);
            }
            return result;
          } catch (InvocationTargetException failed) {
            throw failed.getCause();
          }
        };
    return (Connection)
        Proxy.newProxyInstance(
            DurableDataSource.class.getClassLoader(), new Class<?>[] {Connection.class}, handler);
  }

  private void force(Connection connection) throws SQLException {
    long mine;
    synchronized (this) {
      mine = ++committed;
    }
    synchronized (forcing) {
      if (forced >= mine) {
        return;
      }
      long upTo;
      synchronized (this) {
        upTo = committed;
      }
      try (var statement = connection.createStatement()) {
        statement.execute("CHECKPOINT SYNC");
      }
      forced = upTo;
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
}
