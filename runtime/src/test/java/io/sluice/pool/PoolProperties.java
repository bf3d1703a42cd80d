package io.sluice.pool;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.pool.WorkPoolCommand.Change;
import io.sluice.pool.WorkPoolCommand.ChangeQueue;
import io.sluice.queue.WorkQueue;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Label;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.lifecycle.AfterContainer;

/** What holds of a pool after any commands. */
class PoolProperties {
  private static final Instant NOON = Instant.parse("2026-11-21T12:00:00Z");
  private static final Set<String> SEEN = new HashSet<>();

  /** A command that may depend on the queues that are there. */
  record Step(String name, Function<PoolState, WorkPoolCommand> command) {
    @Override
    public String toString() {
      return name;
    }
  }

  @Property(tries = 2000)
  @Label("priorities are unique and in order, ids and names too, versions rise with each change")
  void invariantsHold(@ForAll("steps") List<Step> steps) {
    var state = created();
    var now = NOON;
    for (var step : steps) {
      now = now.plusSeconds(1);
      var command = step.command().apply(state);
      var change = PoolChange.of(state, command, now);
      SEEN.add(
          command.getClass().getSimpleName() + " " + change.reply().getClass().getSimpleName());
      check(state, command, change, now);
      state = change.after();
    }
  }

  private static PoolState created() {
    return PoolChange.create(
            new UUID(1, 1),
            new WorkPoolCommand.Create("p", null, "process", null, false, null, null),
            NOON)
        .after();
  }

  private static void check(
      PoolState before, WorkPoolCommand command, PoolChange change, Instant now) {
    var after = change.after();
    var queues = after.queues();
    assertThat(queues).isSortedAccordingTo(Comparator.comparingInt(WorkQueue::priority));
    assertThat(queues).extracting(WorkQueue::priority).doesNotHaveDuplicates();
    assertThat(queues).extracting(WorkQueue::priority).allMatch(p -> p >= 1);
    assertThat(queues).extracting(WorkQueue::id).doesNotHaveDuplicates();
    assertThat(queues).extracting(WorkQueue::name).doesNotHaveDuplicates();
    assertThat(after.queue(after.pool().defaultQueueId())).isPresent();
    assertThat(queues).extracting(WorkQueue::priority).doesNotContain(after.freePriority());
    for (var queue : queues) {
      before.queue(queue.id()).ifPresent(was -> checkVersion(was, queue, now));
    }
    after.workers().forEach((name, worker) -> assertThat(worker.name()).isEqualTo(name));
    boolean refused = !List.of("Done", "FoundQueue", "Heard").contains(name(change));
    if (refused) {
      assertThat(after).isSameAs(before);
    }
    if (command instanceof ChangeQueue asked
        && change.reply() instanceof WorkPoolReply.FoundQueue) {
      assertThat(after.queue(asked.queue()).get().priority()).isEqualTo(asked.priority());
      assertThat(order(after, asked.queue())).isEqualTo(order(before, asked.queue()));
    }
  }

  private static String name(PoolChange change) {
    return change.reply().getClass().getSimpleName();
  }

  private static void checkVersion(WorkQueue was, WorkQueue is, Instant now) {
    if (!is.equals(was)) {
      assertThat(is.version()).isGreaterThan(was.version());
      assertThat(is.updated()).isEqualTo(now);
    }
  }

  /** The queues but one, in order: nobody is overtaken by making way. */
  private static List<UUID> order(PoolState state, UUID without) {
    return state.queues().stream().map(WorkQueue::id).filter(id -> !id.equals(without)).toList();
  }

  @Provide
  Arbitrary<List<Step>> steps() {
    return Combinators.combine(
            Arbitraries.integers().between(0, 7),
            Arbitraries.integers().between(0, 4),
            Arbitraries.integers().between(1, 6))
        .as(PoolProperties::step)
        .list()
        .ofMaxSize(25);
  }

  private static Step step(int kind, int n, int priority) {
    var queueName = "q" + n;
    return switch (kind) {
      case 0, 1 -> new Step("create " + n + " at " + priority, s -> create(queueName, priority));
      case 2 -> new Step("create " + n, s -> create(queueName, null));
      case 3 -> new Step("move #" + n + " to " + priority, s -> move(s, n, "m" + n, priority));
      case 4 -> new Step("rename #" + n, s -> move(s, n, "q" + priority, pick(s, n).priority()));
      case 5 -> new Step("delete #" + n, s -> new WorkPoolCommand.DeleteQueue(pick(s, n).id()));
      case 6 ->
          new Step(
              "hear " + n,
              s ->
                  priority == 1
                      ? new WorkPoolCommand.DeleteWorker("w" + n)
                      : new WorkPoolCommand.Heartbeat("w" + n, priority));
      default ->
          new Step(
              "poll #" + n, s -> new WorkPoolCommand.Polled(List.of(pick(s, n).id(), missing())));
    };
  }

  private static UUID missing() {
    return new UUID(0, 1);
  }

  private static WorkPoolCommand create(String name, Integer priority) {
    return new WorkPoolCommand.CreateQueue(name, null, false, null, priority, null);
  }

  private static WorkPoolCommand move(PoolState state, int n, String name, int priority) {
    return new ChangeQueue(
        n == 4 ? missing() : pick(state, n).id(),
        Set.of(ChangeQueue.Field.NAME, ChangeQueue.Field.PRIORITY),
        name,
        null,
        false,
        null,
        priority,
        null,
        null);
  }

  private static WorkQueue pick(PoolState state, int n) {
    return state.queues().get(n % state.queues().size());
  }

  @Property(tries = 200)
  @Label("only the fields that are given change, and the version rises by one")
  void changesWhatIsGiven(@ForAll Set<Change.Field> given) {
    var before = created();
    var change = new Change(given, "d", null, true, 3, null);
    var pool = PoolChange.of(before, change, NOON).after().pool();
    assertThat(pool.description()).isEqualTo(given.contains(Change.Field.DESCRIPTION) ? "d" : null);
    assertThat(pool.paused()).isEqualTo(given.contains(Change.Field.PAUSED));
    assertThat(pool.concurrencyLimit())
        .isEqualTo(given.contains(Change.Field.CONCURRENCY_LIMIT) ? 3 : null);
    assertThat(pool.version()).isEqualTo(before.pool().version() + 1);
  }

  @AfterContainer
  static void everyReplyWasSeen() {
    assertThat(SEEN)
        .contains(
            "CreateQueue FoundQueue",
            "CreateQueue NameTaken",
            "ChangeQueue FoundQueue",
            "ChangeQueue NameTaken",
            "ChangeQueue NoSuchQueue",
            "DeleteQueue Done",
            "DeleteQueue DefaultQueue",
            "DeleteWorker Done",
            "DeleteWorker NoSuchWorker",
            "Heartbeat Heard",
            "Polled Done");
  }
}
