package io.sluice.variable;

import static io.sluice.rejection.Rejection.NotFound.What.VARIABLE;
import static org.jooq.impl.DSL.field;
import static org.jooq.impl.DSL.name;
import static org.jooq.impl.DSL.table;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import io.sluice.filter.Listed;
import io.sluice.rejection.Refused;
import io.sluice.rejection.Rejection;
import io.sluice.store.Docs;
import io.sluice.store.Store;
import io.sluice.store.TagRows;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.BiConsumer;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.Record;
import org.jooq.Record1;
import org.jooq.ResultQuery;
import org.jooq.Table;

/** All variables, as rows. */
public final class Variables {
  private static final Table<Record> TABLE = table(name("variable"));
  private static final Field<UUID> ID = field(name("id"), UUID.class);
  private static final Field<Instant> CREATED = field(name("created"), Instant.class);
  private static final Field<Instant> UPDATED = field(name("updated"), Instant.class);
  private static final Field<String> NAME = field(name("name"), String.class);

  private static final Field<String> DOC = field(name("doc"), String.class);

  /** How listings read it. */
  public static final Listed<Variable> LISTED = new Listed<>(List.of(DOC), Variables::variable);

  /** A variable; {@code value} may be JSON null. */
  public record Variable(
      UUID id, Instant created, Instant updated, String name, JsonNode value, List<String> tags) {
    Variable at(Instant now) {
      return new Variable(id, created, now, name, value, tags);
    }
  }

  private final Store store;
  private final InstantSource clock;
  private final BiConsumer<Variable, Variable> changed;

  /**
   * @param changed told of each change once it is written: what was before, null if it is new, and
   *     what is after, null if it is gone; may not block
   */
  public Variables(Store store, InstantSource clock, BiConsumer<Variable, Variable> changed) {
    this.store = store;
    this.clock = clock;
    this.changed = changed;
  }

  /** Refused if the name exists. */
  public CompletableFuture<Variable> create(String name, JsonNode value, List<String> tags) {
    var now = clock.instant();
    var made = new Variable(UUID.randomUUID(), now, now, name, value, tags);
    return named(
        name,
        store
            .<Variable>write(
                sql -> {
                  sql.insertInto(TABLE, ID, CREATED, UPDATED, NAME, DOC)
                      .values(made.id(), now, now, name, Docs.write(made))
                      .execute();
                  TagRows.insert(sql, made.id(), tags);
                  return made;
                })
            .thenApply(
                written -> {
                  changed.accept(null, written);
                  return written;
                }));
  }

  private static <T> CompletableFuture<T> named(String name, CompletableFuture<T> write) {
    return write.exceptionally(
        failure -> {
          throw Store.isDuplicate(failure)
              ? new Refused(new Rejection.NameTaken(VARIABLE, name))
              : new CompletionException(failure);
        });
  }

  /** Refused if there is none. */
  public CompletableFuture<Variable> get(String name) {
    return store.read(sql -> find(sql, NAME.eq(name), name));
  }

  /** Refused if there is none. */
  public CompletableFuture<Variable> get(UUID id) {
    return store.read(sql -> find(sql, ID.eq(id), id.toString()));
  }

  /** The values of those of {@code names} that there are, by name. */
  public CompletableFuture<Map<String, JsonNode>> values(Set<String> names) {
    return names.isEmpty()
        ? CompletableFuture.completedFuture(Map.of())
        : store.read(
            sql ->
                sql
                    .select(DOC)
                    .from(TABLE)
                    .where(NAME.in(names))
                    .fetch(Variables::variable)
                    .stream()
                    .collect(Collectors.toMap(Variable::name, Variables::valueOf)));
  }

  private static JsonNode valueOf(Variable variable) {
    return variable.value() == null ? NullNode.instance : variable.value();
  }

  private static Variable find(DSLContext sql, Condition which, String called) {
    return found(sql.select(DOC).from(TABLE).where(which), called);
  }

  /** As {@link #find}; nobody else changes it before the end of the transaction. */
  private static Variable hold(DSLContext sql, Condition which, String called) {
    return found(sql.select(DOC).from(TABLE).where(which).forUpdate(), called);
  }

  private static Variable found(ResultQuery<Record1<String>> query, String called) {
    return query
        .fetchOptional(Variables::variable)
        .orElseThrow(() -> new Refused(new Rejection.NotFound(VARIABLE, called)));
  }

  /** Refused if there is none, or if its new name exists. */
  public CompletableFuture<Void> change(String name, UnaryOperator<Variable> change) {
    return change(NAME.eq(name), name, change);
  }

  /** Refused if there is none, or if its new name exists. */
  public CompletableFuture<Void> change(UUID id, UnaryOperator<Variable> change) {
    return change(ID.eq(id), id.toString(), change);
  }

  private CompletableFuture<Void> change(
      Condition which, String called, UnaryOperator<Variable> change) {
    return named(
        called,
        store
            .<Variable[]>write(
                sql -> {
                  var before = hold(sql, which, called);
                  var after = change.apply(before).at(clock.instant());
                  sql.update(TABLE)
                      .set(NAME, after.name())
                      .set(UPDATED, after.updated())
                      .set(DOC, Docs.write(after))
                      .where(ID.eq(before.id()))
                      .execute();
                  TagRows.replace(sql, before.id(), after.tags());
                  return new Variable[] {before, after};
                })
            .thenAccept(both -> changed.accept(both[0], both[1])));
  }

  /** Refused if there is none. */
  public CompletableFuture<Void> delete(String name) {
    return delete(NAME.eq(name), name);
  }

  /** Refused if there is none. */
  public CompletableFuture<Void> delete(UUID id) {
    return delete(ID.eq(id), id.toString());
  }

  private CompletableFuture<Void> delete(Condition which, String called) {
    return store
        .<Variable>write(
            sql -> {
              var gone = hold(sql, which, called);
              TagRows.replace(sql, gone.id(), List.of());
              sql.deleteFrom(TABLE).where(ID.eq(gone.id())).execute();
              return gone;
            })
        .thenAccept(gone -> changed.accept(gone, null));
  }

  private static Variable variable(Record row) {
    return Docs.read(row.get(DOC), Variable.class);
  }
}
