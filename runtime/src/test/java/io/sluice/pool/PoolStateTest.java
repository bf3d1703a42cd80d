package io.sluice.pool;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.sluice.pool.WorkPoolCommand.Change.Field;
import io.sluice.pool.WorkPoolCommand.CreateQueue;
import io.sluice.pool.WorkPoolCommand.Heartbeat;
import io.sluice.queue.WorkQueue;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("A work pool")
class PoolStateTest {
  private static final Instant NOON = Instant.parse("2026-11-21T12:00:00Z");
  private PoolState state = created("process");

  private static PoolState created(String type) {
    var create = new WorkPoolCommand.Create("p", null, type, null, false, null, null);
    return PoolChange.create(new UUID(1, 1), create, NOON).after();
  }

  private WorkPoolReply tell(WorkPoolCommand command) {
    var change = PoolChange.of(state, command, NOON);
    state = change.after();
    return change.reply();
  }

  private void queue(String name, Integer priority) {
    tell(new CreateQueue(name, null, false, null, priority, null));
  }

  private List<String> order() {
    return state.queues().stream().map(q -> q.name() + " " + q.priority()).toList();
  }

  @Test
  void begins_with_its_default_queue_at_priority_1() {
    assertThat(order()).containsExactly("default 1");
    assertThat(state.queues().get(0).id()).isEqualTo(state.pool().defaultQueueId());
    assertThat(state.pool().version()).isZero();
  }

  @Test
  void has_no_more_runs_due_because_its_workers_show_that_they_are_there() {
    assertThat(PoolChange.mayMakeDue(new Heartbeat("w", 30))).isFalse();
    assertThat(PoolChange.mayMakeDue(new WorkPoolCommand.Polled(List.of()))).isFalse();
    assertThat(PoolChange.mayMakeDue(new WorkPoolCommand.DeleteWorker("w"))).isFalse();
    assertThat(PoolChange.mayMakeDue(new CreateQueue("q", null, false, null, null, null))).isTrue();
  }

  @Test
  void gives_a_queue_without_a_wish_the_lowest_free_priority() {
    queue("c", 3);
    queue("b", null);
    queue("d", null);
    assertThat(order()).containsExactly("default 1", "b 2", "c 3", "d 4");
  }

  @Test
  void moves_others_down_as_little_as_possible_to_make_way() {
    queue("b", 2);
    queue("d", 4);
    queue("first", 1);
    assertThat(order()).containsExactly("first 1", "default 2", "b 3", "d 4");
  }

  @Test
  void keeps_its_default_queue() {
    var id = state.pool().defaultQueueId();
    assertThat(tell(new WorkPoolCommand.DeleteQueue(id)))
        .isInstanceOf(WorkPoolReply.DefaultQueue.class);
    assertThat(order()).containsExactly("default 1");
  }

  @Test
  void gives_a_queue_made_anew_under_an_old_name_an_id_of_its_own() {
    queue("b", null);
    var first = state.queue("b").map(WorkQueue::id).get();
    tell(new WorkPoolCommand.DeleteQueue(first));
    var change =
        PoolChange.of(
            state, new CreateQueue("b", null, false, null, null, null), NOON.plusSeconds(1));
    assertThat(change.after().queue("b").map(WorkQueue::id).get()).isNotEqualTo(first);
  }

  @Test
  void is_ready_while_a_worker_is_online() {
    assertThat(state.status(NOON)).isEqualTo(WorkPool.Status.NOT_READY);
    tell(new Heartbeat("w", 10));
    assertThat(state.status(NOON.plusSeconds(30))).isEqualTo(WorkPool.Status.READY);
    assertThat(state.status(NOON.plusSeconds(31))).isEqualTo(WorkPool.Status.NOT_READY);
  }

  @Test
  void is_paused_whether_workers_are_online_or_not() {
    tell(new Heartbeat("w", 10));
    var paused = state.with(state.pool().with(NOON, p -> p.paused = true));
    assertThat(paused.status(NOON)).isEqualTo(WorkPool.Status.PAUSED);
  }

  @Test
  void has_no_status_if_agents_serve_it() {
    assertThat(created(WorkPool.AGENT).status(NOON)).isNull();
  }

  @Test
  void is_gone_when_deleted() {
    assertThat(PoolChange.of(state, new WorkPoolCommand.Delete(), NOON).after()).isNull();
  }

  @Test
  void tells_its_queues_what_they_have_to_know() {
    var limited = state.with(state.pool().with(NOON, p -> p.concurrencyLimit = 5));
    var terms = PoolSlots.terms(limited, limited.queues().get(0));
    assertThat(terms.label()).isEqualTo("p/default");
    assertThat(terms.poolLimited()).isTrue();
    assertThat(terms.limit()).isNull();
    assertThat(PoolSlots.terms(state, state.queues().get(0)).poolLimited()).isFalse();
  }

  /** Prefect 3.8.8, utilities/worker_channel.py WORK_POOL_FIELDS_THAT_TRIGGER_SNAPSHOTS. */
  @Test
  void concerns_its_workers_when_they_would_do_something_else() {
    var json = JsonNodeFactory.instance.objectNode();
    json.put("a", 1);
    assertThat(concernsWorkers(Field.DESCRIPTION, "d", null, false, null, null)).isFalse();
    assertThat(concernsWorkers(Field.BASE_JOB_TEMPLATE, null, json, false, null, null)).isTrue();
    assertThat(concernsWorkers(Field.PAUSED, null, null, true, null, null)).isTrue();
    assertThat(concernsWorkers(Field.PAUSED, null, null, true, null, null)).isFalse();
    assertThat(concernsWorkers(Field.CONCURRENCY_LIMIT, null, null, false, 3, null)).isTrue();
    assertThat(concernsWorkers(Field.STORAGE_CONFIGURATION, null, null, false, null, json))
        .isTrue();
    assertThat(PoolChange.of(state, new Heartbeat("w", 30), NOON).concernsWorkers(state)).isFalse();
    assertThat(PoolChange.of(state, new WorkPoolCommand.Delete(), NOON).concernsWorkers(state))
        .isTrue();
    assertThat(new PoolChange(state, null).concernsWorkers(null)).isFalse();
  }

  private boolean concernsWorkers(
      Field field,
      String description,
      JsonNode template,
      boolean paused,
      Integer limit,
      JsonNode storage) {
    var before = state;
    var change =
        PoolChange.of(
            before,
            new WorkPoolCommand.Change(
                Set.of(field), description, template, paused, limit, storage),
            NOON);
    state = change.after();
    return change.concernsWorkers(before);
  }
}
