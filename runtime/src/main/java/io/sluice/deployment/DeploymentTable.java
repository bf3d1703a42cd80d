package io.sluice.deployment;

import static org.jooq.impl.DSL.field;
import static org.jooq.impl.DSL.name;
import static org.jooq.impl.DSL.table;

import io.sluice.filter.Listed;
import io.sluice.store.Docs;
import io.sluice.store.RowChange;
import io.sluice.store.RowTable;
import io.sluice.store.Store;
import io.sluice.store.TagRows;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.Record;
import org.jooq.Table;

/** Deployments as rows. */
public final class DeploymentTable {
  public static final Table<Record> DEPLOYMENT = table(name("deployment"));
  public static final Field<UUID> ID = column("id", UUID.class);
  public static final Field<UUID> FLOW = column("flow_id", UUID.class);
  public static final Field<String> NAME = column("name", String.class);
  public static final Field<String> DOC = column("doc", String.class);

  /** How listings read it. */
  public static final Listed<Deployment> LISTED =
      new Listed<>(List.of(DOC), DeploymentTable::deployment);

  private static final String WAKES =
      "UPDATE deployment SET wakes_at = ? WHERE id = ? AND version = ?";

  private final RowTable rows;

  public DeploymentTable(Store store) {
    this.rows =
        new RowTable(
            store.sql(),
            DEPLOYMENT,
            List.of(
                field(name("created"), Instant.class),
                field(name("updated"), Instant.class),
                field(name("name"), String.class),
                field(name("flow_id"), UUID.class),
                field(name("paused"), Boolean.class),
                field(name("work_queue_id"), UUID.class),
                field(name("work_queue_name"), String.class),
                field(name("limit_id"), UUID.class),
                field(name("has_schedules"), Boolean.class),
                field(name("wakes_at"), Instant.class),
                field(name("doc"), String.class)));
  }

  private static <T> Field<T> column(String column, Class<T> type) {
    return field(name("deployment", column), type);
  }

  /** {@code wakesAt}: when the owner has something to do by itself, null for never. */
  List<RowChange> insert(Deployment deployment, Instant wakesAt) {
    var changes = new ArrayList<RowChange>();
    changes.add(rows.insert(deployment.id(), deployment.version(), values(deployment, wakesAt)));
    changes.addAll(TagRows.insert(deployment.id(), deployment.spec().tags()));
    return changes;
  }

  List<RowChange> update(Deployment before, Deployment after, Instant wakesAt) {
    var changes = new ArrayList<RowChange>();
    changes.add(rows.update(after.id(), after.version(), values(after, wakesAt)));
    changes.addAll(TagRows.change(after.id(), before.spec().tags(), after.spec().tags()));
    return changes;
  }

  List<RowChange> delete(Deployment deployment) {
    return List.of(
        rows.delete(deployment.id(), deployment.version()), TagRows.delete(deployment.id()));
  }

  /** Changes nothing but when the owner wakes, if nobody else wrote the deployment meanwhile. */
  static RowChange wakes(Deployment deployment, Instant at) {
    return RowChange.fenced(WAKES, at, deployment.id(), deployment.version());
  }

  private static List<Object> values(Deployment deployment, Instant wakesAt) {
    var spec = deployment.spec();
    var place = spec.place();
    return Arrays.asList(
        deployment.created(),
        deployment.updated(),
        spec.name(),
        spec.flowId(),
        spec.paused(),
        place == null ? null : place.queueId(),
        place == null ? spec.queueName() : place.queueName(),
        deployment.limitId(),
        deployment.schedules().stream().anyMatch(Schedule::active),
        wakesAt,
        Docs.write(deployment));
  }

  Optional<Deployment> find(DSLContext sql, UUID id) {
    return sql.select(DOC)
        .from(DEPLOYMENT)
        .where(ID.eq(id))
        .fetchOptional(DeploymentTable::deployment);
  }

  Optional<UUID> idOf(DSLContext sql, UUID flow, String name) {
    return sql.select(ID)
        .from(DEPLOYMENT)
        .where(FLOW.eq(flow))
        .and(NAME.eq(name))
        .fetchOptional(ID);
  }

  /** Those of {@code queues} that were changed since {@code changed} or came into being. */
  List<UUID> ofQueues(DSLContext sql, Collection<UUID> queues, Instant changed) {
    return sql.select(ID)
        .from(DEPLOYMENT)
        .where(column("work_queue_id", UUID.class).in(queues))
        .and(column("updated", Instant.class).ge(changed))
        .fetch(ID);
  }

  /** The deployment of a row that has {@link #DOC}. */
  public static Deployment deployment(Record row) {
    return Docs.read(row.get(DOC), Deployment.class);
  }
}
