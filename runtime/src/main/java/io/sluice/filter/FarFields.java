package io.sluice.filter;

import static io.sluice.filter.Op.ALL;
import static io.sluice.filter.Op.ANY;
import static io.sluice.filter.Op.EXISTS;
import static io.sluice.filter.Op.GE;
import static io.sluice.filter.Op.ID;
import static io.sluice.filter.Op.IS_NULL;
import static io.sluice.filter.Op.LE;
import static io.sluice.filter.Op.LIKE;
import static io.sluice.filter.Op.TYPE;
import static org.jooq.impl.DSL.exists;
import static org.jooq.impl.DSL.falseCondition;
import static org.jooq.impl.DSL.field;
import static org.jooq.impl.DSL.name;
import static org.jooq.impl.DSL.noCondition;
import static org.jooq.impl.DSL.notExists;
import static org.jooq.impl.DSL.selectOne;
import static org.jooq.impl.DSL.table;

import io.sluice.filter.FilterField.Type;
import java.util.Collection;
import java.util.UUID;
import org.jooq.Condition;

/** Fields that look beyond the table of their own kind. */
final class FarFields {
  private FarFields() {}

  static FilterField hasDeployment() {
    var any =
        selectOne()
            .from(table(name("deployment")))
            .where(
                field(name("deployment", "flow_id"), UUID.class)
                    .eq(field(name("flow", "id"), UUID.class)));
    return new FilterField("deployment", Type.FLAG)
        .with(IS_NULL, value -> (Boolean) value ? notExists(any) : exists(any));
  }

  static FilterField parentFlowRun() {
    return new FilterField("parent_flow_run_id", Type.ID)
        .with(
            ANY,
            value ->
                exists(
                    selectOne()
                        .from(table(name("task_run")).as("parent"))
                        .where(
                            field(name("parent", "id"), UUID.class)
                                .eq(field(name("flow_run", "parent_task_run_id"), UUID.class)))
                        .and(
                            field(name("parent", "flow_run_id"), UUID.class)
                                .in((Collection<?>) value))));
  }

  static FilterField createdBy() {
    var type = field(name("flow_run", "created_by_type"), String.class);
    var id = field(name("flow_run", "created_by_id"), UUID.class);
    return new FilterField("created_by", Type.TEXT)
        .with(ID, value -> Fields.test(id, ANY, value))
        .with(TYPE, value -> Fields.test(type, ANY, value))
        .with(IS_NULL, value -> Fields.test(type, IS_NULL, value));
  }

  static FilterField hasSubflow() {
    var any =
        selectOne()
            .from(table(name("flow_run")).as("child"))
            .where(
                field(name("child", "parent_task_run_id"), UUID.class)
                    .eq(field(name("task_run", "id"), UUID.class)));
    return new FilterField("subflow_runs", Type.FLAG)
        .with(EXISTS, value -> (Boolean) value ? exists(any) : notExists(any));
  }

  static FilterField flowOrDeploymentName() {
    var own = field(name("deployment", "name"), String.class);
    return new FilterField("flow_or_deployment_name", Type.TEXT)
        .with(
            LIKE,
            value ->
                Fields.like(own, (String) value)
                    .or(
                        exists(
                            selectOne()
                                .from(table(name("flow")))
                                .where(
                                    field(name("flow", "id"), UUID.class)
                                        .eq(field(name("deployment", "flow_id"), UUID.class)))
                                .and(
                                    Fields.like(
                                        field(name("flow", "name"), String.class),
                                        (String) value)))));
  }

  /**
   * Prefect 3.8.8 filters by a column that new deployments leave null; so is it here. The limit
   * itself is a global limit.
   */
  static FilterField concurrencyLimit() {
    return new FilterField("concurrency_limit", Type.INTEGER)
        .with(GE, value -> falseCondition())
        .with(LE, value -> falseCondition())
        .with(IS_NULL, value -> (Boolean) value ? noCondition() : falseCondition());
  }

  static FilterField blockCapabilities() {
    return new FilterField("block_capabilities", Type.TEXT)
        .with(
            ALL,
            value ->
                ((Collection<?>) value)
                    .stream()
                        .map(what -> isAble((String) what))
                        .reduce(noCondition(), Condition::and));
  }

  private static Condition isAble(String what) {
    return exists(
        selectOne()
            .from(table(name("block_capability")))
            .where(
                field(name("block_capability", "block_schema_id"), UUID.class)
                    .eq(field(name("block_schema", "id"), UUID.class)))
            .and(field(name("block_capability", "capability"), String.class).eq(what)));
  }
}
