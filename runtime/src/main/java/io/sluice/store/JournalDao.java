package io.sluice.store;

import java.util.List;
import org.apache.pekko.persistence.jdbc.config.JournalConfig;
import org.apache.pekko.persistence.jdbc.journal.dao.DefaultJournalDao;
import org.apache.pekko.persistence.jdbc.journal.dao.JournalTables;
import org.apache.pekko.serialization.Serialization;
import org.apache.pekko.stream.Materializer;
import scala.Tuple2;
import scala.collection.immutable.Seq;
import scala.collection.immutable.Set;
import scala.concurrent.ExecutionContext;
import scala.concurrent.Future;
import scala.concurrent.Promise;
import scala.jdk.javaapi.CollectionConverters;
import scala.jdk.javaapi.OptionConverters;
import scala.runtime.BoxedUnit;
import slick.jdbc.JdbcBackend.JdbcDatabaseDef;
import slick.jdbc.JdbcProfile;

/**
 * Writes events as the plug-in does, into its table, but through a {@link RowWriter}: one thread
 * that takes whatever waits into the next commit, instead of a stream and four threads that commit
 * side by side. Events of one owner that are refused fail alone. All else is the plug-in's. Named
 * in {@code jdbc-journal.dao}.
 */
public final class JournalDao extends DefaultJournalDao {
  private static final String INSERT =
      "INSERT INTO \"event_journal\" (\"deleted\", \"persistence_id\", \"sequence_number\","
          + " \"writer\", \"write_timestamp\", \"adapter_manifest\", \"event_payload\","
          + " \"event_ser_id\", \"event_ser_manifest\", \"meta_payload\", \"meta_ser_id\","
          + " \"meta_ser_manifest\") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";

  private final RowWriter writer;

  /** Called by the plug-in. */
  public JournalDao(
      JdbcDatabaseDef database,
      JdbcProfile profile,
      JournalConfig config,
      Serialization serialization,
      ExecutionContext executor,
      Materializer materializer) {
    super(database, profile, config, serialization, executor, materializer);
    this.writer = SystemStore.of(materializer.system()).journalWriter();
  }

  @Override
  public Future<BoxedUnit> queueWriteJournalRows(
      Seq<Tuple2<JournalTables.JournalPekkoSerializationRow, Set<String>>> rows) {
    var changes = CollectionConverters.asJava(rows).stream().map(JournalDao::insert).toList();
    return changes.isEmpty() ? Future.unit() : write(changes);
  }

  private Future<BoxedUnit> write(List<RowChange> changes) {
    var written = Promise.<BoxedUnit>apply();
    writer
        .write(changes)
        .whenComplete(
            (done, failed) -> {
              if (failed == null) {
                written.success(BoxedUnit.UNIT);
              } else {
                written.failure(failed);
              }
            });
    return written.future();
  }

  private static RowChange insert(
      Tuple2<JournalTables.JournalPekkoSerializationRow, Set<String>> tagged) {
    if (!tagged._2().isEmpty()) {
      throw new IllegalArgumentException("Sluice's events have no tags");
    }
    var row = tagged._1();
    return RowChange.of(
        INSERT,
        row.deleted(),
        row.persistenceId(),
        row.sequenceNumber(),
        row.writer(),
        row.writeTimestamp(),
        row.adapterManifest(),
        row.eventPayload(),
        row.eventSerId(),
        row.eventSerManifest(),
        OptionConverters.toJava(row.metaPayload()).orElse(null),
        OptionConverters.toJava(row.metaSerId()).orElse(null),
        OptionConverters.toJava(row.metaSerManifest()).orElse(null));
  }
}
