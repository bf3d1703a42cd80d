package io.sluice.artifact;

import static io.sluice.rejection.Rejection.NotFound.What.ARTIFACT;
import static org.jooq.impl.DSL.field;
import static org.jooq.impl.DSL.name;
import static org.jooq.impl.DSL.table;

import com.fasterxml.jackson.databind.JsonNode;
import io.sluice.filter.Listed;
import io.sluice.rejection.Refused;
import io.sluice.rejection.Rejection;
import io.sluice.store.Docs;
import io.sluice.store.Store;
import io.sluice.store.TimeOrderedId;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiConsumer;
import java.util.function.UnaryOperator;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.Record;
import org.jooq.Table;

/** All artifacts, as rows. */
public final class Artifacts {
  private static final Table<Record> TABLE = table(name("artifact"));
  private static final Field<UUID> ID = field(name("id"), UUID.class);
  private static final Field<Instant> CREATED = field(name("created"), Instant.class);
  private static final Field<Instant> UPDATED = field(name("updated"), Instant.class);
  private static final Field<String> KEY = field(name("artifact_key"), String.class);
  private static final Field<String> TYPE = field(name("type"), String.class);
  private static final Field<UUID> FLOW_RUN = field(name("flow_run_id"), UUID.class);
  private static final Field<UUID> TASK_RUN = field(name("task_run_id"), UUID.class);

  private static final Field<String> DOC = field(name("artifact", "doc"), String.class);

  /** How listings read it. */
  public static final Listed<Artifact> LISTED = new Listed<>(List.of(DOC), Artifacts::artifact);

  private static final Field<String> LATEST_DOC =
      field(name("latest_artifact", "doc"), String.class);

  /** How listings of {@link io.sluice.filter.Kind#LATEST_ARTIFACT} read it. */
  public static final Listed<Artifact> LATEST_LISTED =
      new Listed<>(List.of(LATEST_DOC), row -> Docs.read(row.get(LATEST_DOC), Artifact.class));

  private static final Field<String> OWN_DOC = field(name("doc"), String.class);

  /** An artifact; several may have the same key, the newest is the latest. */
  public record Artifact(
      UUID id,
      Instant created,
      Instant updated,
      String key,
      String type,
      String description,
      JsonNode data,
      JsonNode metadata,
      UUID flowRunId,
      UUID taskRunId) {

    /** Of all artifacts with this key together; the same for each of them. */
    public UUID collectionId() {
      return UUID.nameUUIDFromBytes(("artifacts:" + key).getBytes(StandardCharsets.UTF_8));
    }

    private Artifact changedAt(Instant now) {
      return new Artifact(
          id, created, now, key, type, description, data, metadata, flowRunId, taskRunId);
    }
  }

  private final Store store;
  private final InstantSource clock;
  private final BiConsumer<Artifact, Artifact> latest;

  /**
   * @param latest told when a key has another latest artifact, once it is written: which it was
   *     before, null if there was none, and which it is, null if there is none any more; may not
   *     block
   */
  public Artifacts(Store store, InstantSource clock, BiConsumer<Artifact, Artifact> latest) {
    this.store = store;
    this.clock = clock;
    this.latest = latest;
  }

  private void tell(Optional<Artifact> before, Optional<Artifact> after) {
    boolean same = before.map(Artifact::id).equals(after.map(Artifact::id));
    if (!same) {
      latest.accept(before.orElse(null), after.orElse(null));
    }
  }

  /** Stores an artifact; its id and times are set here. */
  public CompletableFuture<Artifact> create(Artifact draft) {
    var now = clock.instant();
    var made =
        new Artifact(
            TimeOrderedId.at(now),
            now,
            now,
            draft.key(),
            draft.type(),
            draft.description(),
            draft.data(),
            draft.metadata(),
            draft.flowRunId(),
            draft.taskRunId());
    return store
        .write(
            sql -> {
              var before = latest(sql, made.key());
              sql.insertInto(TABLE, ID, CREATED, UPDATED, KEY, TYPE, FLOW_RUN, TASK_RUN, OWN_DOC)
                  .values(
                      made.id(),
                      now,
                      now,
                      made.key(),
                      made.type(),
                      made.flowRunId(),
                      made.taskRunId(),
                      Docs.write(made))
                  .execute();
              return before;
            })
        .thenApply(
            before -> {
              if (made.key() != null) {
                tell(before, Optional.of(made));
              }
              return made;
            });
  }

  /** Refused if there is none. */
  public CompletableFuture<Artifact> get(UUID id) {
    return store.read(sql -> find(sql, id));
  }

  private static Artifact find(DSLContext sql, UUID id) {
    return sql.select(DOC)
        .from(TABLE)
        .where(ID.eq(id))
        .fetchOptional(Artifacts::artifact)
        .orElseThrow(() -> notFound(id.toString()));
  }

  private static Refused notFound(String name) {
    return new Refused(new Rejection.NotFound(ARTIFACT, name));
  }

  /** The newest artifact of that key; refused if there is none. */
  public CompletableFuture<Artifact> latest(String key) {
    return store.read(sql -> latest(sql, key).orElseThrow(() -> notFound(key)));
  }

  /** Empty if there is none, or no key. */
  private static Optional<Artifact> latest(DSLContext sql, String key) {
    return key == null
        ? Optional.empty()
        : sql.select(DOC)
            .from(TABLE)
            .where(KEY.eq(key))
            .orderBy(CREATED.desc(), ID.desc())
            .limit(1)
            .fetchOptional(Artifacts::artifact);
  }

  /** Refused if there is none; {@code updated} is set here. */
  public CompletableFuture<Void> change(UUID id, UnaryOperator<Artifact> change) {
    return store.write(
        sql -> {
          var now = clock.instant();
          // Nobody else changes it before the end of the transaction.
          var found = sql.select(DOC).from(TABLE).where(ID.eq(id)).forUpdate();
          var changed =
              found
                  .fetchOptional(Artifacts::artifact)
                  .map(known -> change.apply(known).changedAt(now))
                  .orElseThrow(() -> notFound(id.toString()));
          sql.update(TABLE)
              .set(UPDATED, now)
              .set(OWN_DOC, Docs.write(changed))
              .where(ID.eq(id))
              .execute();
          return null;
        });
  }

  /** Refused if there is none. */
  public CompletableFuture<Void> delete(UUID id) {
    return store
        .write(
            sql -> {
              var key = find(sql, id).key();
              var before = latest(sql, key);
              sql.deleteFrom(TABLE).where(ID.eq(id)).execute();
              return new Latest(before, latest(sql, key));
            })
        .thenAccept(latest -> tell(latest.before(), latest.after()));
  }

  private record Latest(Optional<Artifact> before, Optional<Artifact> after) {}

  private static Artifact artifact(Record row) {
    return Docs.read(row.get(DOC), Artifact.class);
  }
}
