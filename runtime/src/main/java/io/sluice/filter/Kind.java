package io.sluice.filter;

import static io.sluice.filter.Op.AFTER;
import static io.sluice.filter.Op.ANY;
import static io.sluice.filter.Op.BEFORE;
import static io.sluice.filter.Op.EXISTS;
import static io.sluice.filter.Op.GE;
import static io.sluice.filter.Op.IS_NULL;
import static io.sluice.filter.Op.LE;
import static io.sluice.filter.Op.LIKE;
import static io.sluice.filter.Op.NOT_ANY;
import static io.sluice.filter.Op.STARTS_WITH;
import static org.jooq.impl.DSL.and;
import static org.jooq.impl.DSL.noCondition;
import static org.jooq.impl.DSL.or;

import java.util.Map;
import org.jooq.Condition;
import org.jooq.Record;
import org.jooq.Table;
import org.jooq.impl.DSL;

/**
 * The kinds of objects that are listed, and by which fields each can be filtered (Prefect 3.8.8,
 * server/schemas/filters.py). Paths of fields are those of Prefect's filters.
 */
public enum Kind {
  FLOW(
      new Fields("flow")
          .id("id", "id", ANY, NOT_ANY)
          .text("name", "name", ANY, LIKE)
          .tags()
          .other(FarFields.hasDeployment())),
  FLOW_RUN(
      new Fields("flow_run")
          .id("id", "id", ANY, NOT_ANY)
          .text("name", "name", ANY, LIKE)
          .tags()
          .id("deployment_id", "deployment_id", ANY, IS_NULL)
          .text("work_queue_name", "work_queue_name", ANY, IS_NULL)
          .stateType("state.type", "state_type")
          .text("state.name", "state_name", ANY, NOT_ANY)
          .text("flow_version", "flow_version", ANY)
          .timeOr("start_time", "start_time", "start_or_expected")
          .time("end_time", "end_time", BEFORE, AFTER, IS_NULL)
          .time("expected_start_time", "expected_start_time", BEFORE, AFTER)
          .time("next_scheduled_start_time", "next_scheduled_start_time", BEFORE, AFTER)
          .id("parent_task_run_id", "parent_task_run_id", ANY, IS_NULL)
          .other(FarFields.parentFlowRun())
          .text("idempotency_key", "idempotency_key", ANY, NOT_ANY)
          .other(FarFields.createdBy())),
  TASK_RUN(
      new Fields("task_run")
          .id("id", "id", ANY)
          .text("name", "name", ANY, LIKE)
          .tags()
          .stateType("state.type", "state_type")
          .text("state.name", "state_name", ANY)
          .time("start_time", "start_time", BEFORE, AFTER, IS_NULL)
          .time("end_time", "end_time", BEFORE, AFTER, IS_NULL)
          .time("expected_start_time", "expected_start_time", BEFORE, AFTER)
          .idPresentByDefault("flow_run_id", "flow_run_id")
          .other(FarFields.hasSubflow())),
  DEPLOYMENT(
      new Fields("deployment")
          .id("id", "id", ANY, NOT_ANY)
          .text("name", "name", ANY, LIKE)
          .other(FarFields.flowOrDeploymentName())
          .flag("paused", "paused")
          .tags()
          .text("work_queue_name", "work_queue_name", ANY)
          .other(FarFields.concurrencyLimit())),
  WORK_POOL(
      new Fields("work_pool")
          .id("id", "id", ANY)
          .text("name", "name", ANY)
          .text("type", "type", ANY)),
  WORK_QUEUE(new Fields("work_queue").id("id", "id", ANY).text("name", "name", ANY, STARTS_WITH)),
  LOG(
      new Fields("log")
          .number("level", "level", GE, LE)
          .time("timestamp", "logged", BEFORE, AFTER)
          .id("flow_run_id", "flow_run_id", ANY)
          .id("task_run_id", "task_run_id", ANY, IS_NULL)
          .other(LogText.ofLogs())),
  VARIABLE(new Fields("variable").id("id", "id", ANY).text("name", "name", ANY, LIKE).tags()),
  ARTIFACT(artifact(new Fields("artifact").id("id", "id", ANY))),
  /** The newest artifact of each key. */
  LATEST_ARTIFACT(artifact(new Fields("latest_artifact").id("latest_id", "id", ANY))),
  BLOCK_TYPE(new Fields("block_type").text("name", "name", LIKE).text("slug", "slug", ANY)),
  BLOCK_SCHEMA(
      new Fields("block_schema")
          .id("id", "id", ANY)
          .id("block_type_id", "block_type_id", ANY)
          .text("version", "version", ANY)
          .other(FarFields.blockCapabilities())),
  BLOCK_DOCUMENT(
      new Fields("block_document")
          .id("id", "id", ANY)
          .id("block_type_id", "block_type_id", ANY)
          .text("name", "name", ANY, LIKE)
          .flag("is_anonymous", "is_anonymous")),
  AUTOMATION(
      new Fields("automation")
          .id("id", "id", ANY)
          .text("name", "name", ANY)
          .time("created", "created", BEFORE)
          .tags());

  private static Fields artifact(Fields fields) {
    return fields
        .text("key", "artifact_key", ANY, LIKE, EXISTS)
        .id("flow_run_id", "flow_run_id", ANY)
        .id("task_run_id", "task_run_id", ANY)
        .text("type", "type", ANY, NOT_ANY);
  }

  private final Map<String, FilterField> fields;

  Kind(Fields fields) {
    this.fields = fields.all();
  }

  /** By path. */
  public Map<String, FilterField> fields() {
    return fields;
  }

  /** The table that holds them. */
  public Table<Record> table() {
    return DSL.table(DSL.name(Relations.tableOf(this)));
  }

  /** The SQL of {@code filter}. */
  Condition condition(Filter filter) {
    if (filter instanceof Filter.Test test) {
      return fields.get(test.field()).test(test.op(), test.value());
    } else if (filter instanceof Filter.Any any) {
      return any.parts().isEmpty()
          ? noCondition()
          : or(any.parts().stream().map(this::condition).toList());
    }
    return and(((Filter.All) filter).parts().stream().map(this::condition).toList());
  }
}
