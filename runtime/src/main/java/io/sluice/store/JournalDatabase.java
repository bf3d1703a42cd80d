package io.sluice.store;

import com.typesafe.config.Config;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.persistence.jdbc.db.SlickDatabase;
import org.apache.pekko.persistence.jdbc.db.SlickDatabaseProvider;
import scala.Some;
import slick.jdbc.H2Profile$;
import slick.jdbc.JdbcBackend;
import slick.jdbc.JdbcBackend$;
import slick.jdbc.JdbcProfile;
import slick.jdbc.PostgresProfile$;
import slick.util.AsyncExecutor;

/**
 * Lets the journal plug-in write through the node's {@link Store}, so that journal commits are as
 * durable as all others and share its pool. Named in {@code
 * pekko-persistence-jdbc.database-provider-fqcn}.
 */
public final class JournalDatabase implements SlickDatabaseProvider {
  private final SlickDatabase database;

  /** Called by the plug-in. */
  public JournalDatabase(ActorSystem system) {
    var store = SystemStore.of(system);
    int threads = system.settings().config().getInt("sluice.store.journal-threads");
    int queueMax = system.settings().config().getInt("sluice.store.queue-max");
    var executor = AsyncExecutor.apply("sluice-journal", threads, threads, queueMax, threads);
    var slick =
        JdbcBackend$.MODULE$
            .Database()
            .forDataSource(store.dataSource(), Some.apply(threads), executor, false);
    this.database = new Shared(slick, profile(store));
  }

  private static JdbcProfile profile(Store store) {
    return store.settings().isH2() ? H2Profile$.MODULE$ : PostgresProfile$.MODULE$;
  }

  @Override
  public SlickDatabase database(Config config) {
    return database;
  }

  private record Shared(JdbcBackend.JdbcDatabaseDef database, JdbcProfile profile)
      implements SlickDatabase {
    @Override
    public boolean allowShutdown() {
      return false;
    }
  }
}
