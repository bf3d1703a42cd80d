package io.sluice.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.jooq.impl.DSL.field;
import static org.jooq.impl.DSL.name;

import com.typesafe.config.ConfigFactory;
import io.sluice.store.RowChange;
import io.sluice.store.StaleRow;
import io.sluice.store.Store;
import io.sluice.store.Stores;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("When a run wakes, as its row says,")
class WakeRowTest {
  private static final Instant NOON = Instant.parse("2026-11-21T12:00:00Z");
  private static final WakeBounds BOUNDS =
      WakeBounds.from(ConfigFactory.defaultReference().getConfig("sluice.run"));

  @TempDir Path dir;
  private Store store;
  private FlowRunTable table;

  @BeforeEach
  void open() {
    store = Store.open(Stores.h2(dir));
    table = new FlowRunTable(store, BOUNDS);
  }

  @AfterEach
  void close() {
    store.close();
  }

  private static FlowRun entering(FlowRun run, StateType type) {
    var state = ProposedState.of(type).scheduledBy(NOON).entered(UUID.randomUUID(), NOON);
    return run.entering(state, run.policy(), UnaryOperator.identity());
  }

  private static FlowRun cancelledInTheMidst() {
    var spec = new RunSpec.Builder();
    spec.name = "run";
    spec.flowId = UUID.randomUUID();
    spec.deploymentId = UUID.randomUUID();
    var run = FlowRun.created(UUID.randomUUID(), spec.build(), FlowRunPolicy.NONE, NOON);
    return entering(entering(run, StateType.RUNNING), StateType.CANCELLED);
  }

  private void write(List<RowChange> changes) {
    store.writer().write(changes).join();
  }

  private Instant wakesAt(FlowRun run) {
    var at = field(name("wakes_at"), Instant.class);
    return store
        .read(
            sql ->
                sql.select(at)
                    .from(FlowRunTable.RUN)
                    .where(FlowRunTable.ID.eq(run.id()))
                    .fetchOne(at))
        .join();
  }

  @Test
  void is_never_once_what_it_started_is_cancelled() {
    var run = cancelledInTheMidst();
    write(table.insert(run));
    assertThat(wakesAt(run)).isEqualTo(NOON);

    write(List.of(FlowRunTable.asleep(run)));

    assertThat(wakesAt(run)).isNull();
  }

  @Test
  void stays_if_a_former_owner_says_never() {
    var run = cancelledInTheMidst();
    write(table.insert(run));
    var again = entering(run, StateType.SCHEDULED);
    write(table.update(run, again));
    var lateAt = WakeCall.at(again, BOUNDS, null);

    assertThatThrownBy(() -> write(List.of(FlowRunTable.asleep(run))))
        .hasCauseInstanceOf(StaleRow.class);

    assertThat(wakesAt(run)).isEqualTo(lateAt).isNotNull();
  }
}
