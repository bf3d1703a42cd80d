package io.sluice.store;

import com.typesafe.config.Config;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.jooq.SQLDialect;

/**
 * Where the store is and how much of it a node uses. Defaults and reasons stand in {@code
 * reference.conf} under {@code sluice.store}.
 *
 * @param url JDBC URL of H2 or PostgreSQL
 * @param mayBeNew whether a database without Sluice's tables is given them; otherwise it is refused
 * @param connectionsMax connections that requests, writer and journal share
 * @param queueMax how many row changes may wait for the writer; beyond, writes are refused
 * @param batchMax how many row changes one commit takes at most
 * @param readersMax how many reads run at once
 * @param readQueueMax how many reads may wait; beyond, reads are refused
 */
public record StoreSettings(
    String url,
    String user,
    String password,
    boolean mayBeNew,
    int connectionsMax,
    Duration connectionTimeout,
    int queueMax,
    int batchMax,
    int readersMax,
    int readQueueMax) {

  private static final String H2_FILE = "jdbc:h2:file:";

  public static StoreSettings from(Config sluice) {
    var store = sluice.getConfig("store");
    return new StoreSettings(
        store.getString("url"),
        store.getString("user"),
        store.getString("password"),
        store.getBoolean("may-be-new"),
        store.getInt("connections-max"),
        store.getDuration("connection-timeout"),
        store.getInt("queue-max"),
        store.getInt("batch-max"),
        store.getInt("readers-max"),
        store.getInt("read-queue-max"));
  }

  public boolean isH2() {
    return url.startsWith("jdbc:h2:");
  }

  /** The file of an H2 database that is one; empty for one in memory, and PostgreSQL. */
  Optional<Path> databaseFile() {
    return databaseFile(url).map(Path::toAbsolutePath);
  }

  /** The same by the URL, with or without its parameters; as it is written there. */
  public static Optional<Path> databaseFile(String url) {
    if (!url.startsWith(H2_FILE)) {
      return Optional.empty();
    }
    var name = url.substring(H2_FILE.length()).split(";", 2)[0];
    return Optional.of(Path.of(name + ".mv.db"));
  }

  SQLDialect dialect() {
    return isH2() ? SQLDialect.H2 : SQLDialect.POSTGRES;
  }
}
