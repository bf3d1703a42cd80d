package io.sluice.store;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

/** A connection to H2 whose transactions a {@link RedoLog} makes durable. */
interface LoggedConnection extends Connection {

  /**
   * Commits; returns when it is durable.
   *
   * @param writer whose transaction it is; each has one at a time
   * @param changes all that the transaction did
   */
  void commit(String writer, List<RowChange> changes) throws SQLException;
}
