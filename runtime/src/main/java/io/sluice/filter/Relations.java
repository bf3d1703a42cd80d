package io.sluice.filter;

import static io.sluice.filter.Kind.DEPLOYMENT;
import static io.sluice.filter.Kind.FLOW;
import static io.sluice.filter.Kind.FLOW_RUN;
import static io.sluice.filter.Kind.TASK_RUN;
import static io.sluice.filter.Kind.WORK_POOL;
import static io.sluice.filter.Kind.WORK_QUEUE;
import static org.jooq.impl.DSL.exists;
import static org.jooq.impl.DSL.field;
import static org.jooq.impl.DSL.name;
import static org.jooq.impl.DSL.noCondition;
import static org.jooq.impl.DSL.selectOne;
import static org.jooq.impl.DSL.table;

import java.util.EnumMap;
import java.util.Map;
import java.util.UUID;
import org.jooq.Condition;
import org.jooq.Field;

/**
 * How kinds hang together: a filter of another kind means that a related object of that kind exists
 * (Prefect 3.8.8, the {@code _apply_…_filters} of server/models).
 */
final class Relations {
  /** One step from one table to another: equal columns. */
  private record Step(String table, String column, String otherTable, String otherColumn) {
    Condition where() {
      return id(table, column).eq(id(otherTable, otherColumn));
    }
  }

  private static final Step RUN_OF_FLOW = new Step("flow_run", "flow_id", "flow", "id");
  private static final Step TASK_OF_RUN = new Step("task_run", "flow_run_id", "flow_run", "id");
  private static final Step RUN_OF_DEPLOYMENT =
      new Step("flow_run", "deployment_id", "deployment", "id");
  private static final Step DEPLOYMENT_OF_FLOW = new Step("deployment", "flow_id", "flow", "id");
  private static final Step RUN_IN_QUEUE =
      new Step("flow_run", "work_queue_id", "work_queue", "id");
  private static final Step DEPLOYMENT_IN_QUEUE =
      new Step("deployment", "work_queue_id", "work_queue", "id");
  private static final Step QUEUE_OF_POOL =
      new Step("work_queue", "work_pool_id", "work_pool", "id");

  private static final Map<Kind, Map<Kind, Step[]>> PATHS = new EnumMap<>(Kind.class);

  static {
    path(FLOW_RUN, FLOW, RUN_OF_FLOW);
    path(FLOW_RUN, TASK_RUN, TASK_OF_RUN);
    path(FLOW_RUN, DEPLOYMENT, RUN_OF_DEPLOYMENT);
    path(FLOW_RUN, WORK_QUEUE, RUN_IN_QUEUE);
    path(FLOW_RUN, WORK_POOL, RUN_IN_QUEUE, QUEUE_OF_POOL);
    path(TASK_RUN, FLOW_RUN, TASK_OF_RUN);
    path(TASK_RUN, FLOW, TASK_OF_RUN, RUN_OF_FLOW);
    path(TASK_RUN, DEPLOYMENT, TASK_OF_RUN, RUN_OF_DEPLOYMENT);
    path(TASK_RUN, WORK_QUEUE, TASK_OF_RUN, RUN_IN_QUEUE);
    path(TASK_RUN, WORK_POOL, TASK_OF_RUN, RUN_IN_QUEUE, QUEUE_OF_POOL);
    path(FLOW, FLOW_RUN, RUN_OF_FLOW);
    path(FLOW, TASK_RUN, RUN_OF_FLOW, TASK_OF_RUN);
    path(FLOW, DEPLOYMENT, DEPLOYMENT_OF_FLOW);
    path(FLOW, WORK_QUEUE, DEPLOYMENT_OF_FLOW, DEPLOYMENT_IN_QUEUE);
    path(FLOW, WORK_POOL, DEPLOYMENT_OF_FLOW, DEPLOYMENT_IN_QUEUE, QUEUE_OF_POOL);
    path(DEPLOYMENT, FLOW, DEPLOYMENT_OF_FLOW);
    path(DEPLOYMENT, FLOW_RUN, RUN_OF_DEPLOYMENT);
    path(DEPLOYMENT, TASK_RUN, RUN_OF_DEPLOYMENT, TASK_OF_RUN);
    path(DEPLOYMENT, WORK_QUEUE, DEPLOYMENT_IN_QUEUE);
    path(DEPLOYMENT, WORK_POOL, DEPLOYMENT_IN_QUEUE, QUEUE_OF_POOL);
    path(WORK_QUEUE, WORK_POOL, QUEUE_OF_POOL);
    artifactPaths(Kind.ARTIFACT);
    artifactPaths(Kind.LATEST_ARTIFACT);
    path(
        Kind.BLOCK_TYPE,
        Kind.BLOCK_SCHEMA,
        new Step("block_schema", "block_type_id", "block_type", "id"));
    path(
        Kind.BLOCK_DOCUMENT,
        Kind.BLOCK_TYPE,
        new Step("block_document", "block_type_id", "block_type", "id"));
    path(
        Kind.BLOCK_DOCUMENT,
        Kind.BLOCK_SCHEMA,
        new Step("block_document", "block_schema_id", "block_schema", "id"));
  }

  private Relations() {}

  private static void artifactPaths(Kind artifact) {
    var ofRun = new Step(tableOf(artifact), "flow_run_id", "flow_run", "id");
    path(artifact, FLOW_RUN, ofRun);
    path(artifact, TASK_RUN, new Step(tableOf(artifact), "task_run_id", "task_run", "id"));
    path(artifact, FLOW, ofRun, RUN_OF_FLOW);
    path(artifact, DEPLOYMENT, ofRun, RUN_OF_DEPLOYMENT);
  }

  private static void path(Kind from, Kind to, Step... steps) {
    PATHS.computeIfAbsent(from, kind -> new EnumMap<>(Kind.class)).put(to, steps);
  }

  private static Field<UUID> id(String table, String column) {
    return field(name(table, column), UUID.class);
  }

  /** That an object of kind {@code to} exists which belongs to the {@code from} and fits. */
  static Condition related(Kind from, Kind to, Condition fits) {
    var steps = PATHS.getOrDefault(from, Map.of()).get(to);
    if (steps == null) {
      return noCondition();
    }
    return related(tableOf(from), steps, 0, fits);
  }

  private static Condition related(String from, Step[] steps, int at, Condition fits) {
    if (at == steps.length) {
      return fits;
    }
    var step = steps[at];
    var next = step.table().equals(from) ? step.otherTable() : step.table();
    return exists(
        selectOne()
            .from(table(name(next)))
            .where(step.where())
            .and(related(next, steps, at + 1, fits)));
  }

  static String tableOf(Kind kind) {
    return kind.name().toLowerCase(java.util.Locale.ROOT);
  }
}
