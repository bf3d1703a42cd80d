package io.sluice.pool;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.pool.Polls.HandOut;
import io.sluice.queue.WorkQueue;
import io.sluice.queue.WorkQueueReply.DueRun;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Label;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Which of the due runs a worker is given. */
class ChoiceProperties {
  private static final Instant NOON = Instant.parse("2026-11-21T12:00:00Z");
  private static final UUID POOL = new UUID(1, 0);

  private static WorkQueue queue(int n) {
    return new WorkQueue(
        new UUID(2, n), 0, NOON, NOON, POOL, "q" + n, null, false, null, n, null, null);
  }

  private static HandOut run(int id, int queue, int second, int deployment) {
    var since = NOON.plusSeconds(second);
    var of = deployment == 0 ? null : new UUID(3, deployment);
    return new HandOut(queue(queue), new DueRun(new UUID(4, id), since, since, of, null));
  }

  @Property(tries = 2000)
  @Label("no run twice, no limit exceeded, in order, and nobody is passed over who has room")
  void choosesRightly(
      @ForAll("candidates") List<HandOut> candidates,
      @ForAll("bounds") Map<UUID, Integer> room,
      @ForAll("turns") Map<UUID, Integer> turns) {
    var chosen = Choice.of(candidates, room, turns);
    assertThat(chosen).doesNotHaveDuplicates().isSubsetOf(candidates);
    for (int i = 1; i < chosen.size(); i++) {
      assertThat(isBefore(chosen.get(i - 1), chosen.get(i))).isTrue();
    }
    var used = new HashMap<UUID, Integer>();
    chosen.forEach(out -> limits(out).forEach(id -> used.merge(id, 1, Integer::sum)));
    var limits = new HashMap<>(room);
    limits.putAll(turns);
    limits.forEach((id, most) -> assertThat(used.getOrDefault(id, 0)).isLessThanOrEqualTo(most));
    for (var out : candidates) {
      if (!chosen.contains(out)) {
        assertThat(limits(out))
            .anyMatch(
                id ->
                    limits.containsKey(id)
                        && chosen.stream()
                                .filter(o -> limits(o).contains(id) && isBefore(o, out))
                                .count()
                            >= limits.get(id));
      }
    }
  }

  private static boolean isBefore(HandOut one, HandOut other) {
    if (one.queue().priority() != other.queue().priority()) {
      return one.queue().priority() < other.queue().priority();
    }
    int age = one.run().since().compareTo(other.run().since());
    return age < 0 || age == 0 && one.run().runId().compareTo(other.run().runId()) < 0;
  }

  private static List<UUID> limits(HandOut out) {
    var ids = new ArrayList<UUID>(List.of(out.queue().id(), out.queue().poolId()));
    if (out.run().deploymentId() != null) {
      ids.add(out.run().deploymentId());
    }
    return ids;
  }

  @Example
  @Label("a queue of higher priority goes first, however young its runs")
  void priorityBeforeAge() {
    var old = run(1, 2, 0, 0);
    var young = run(2, 1, 50, 0);
    assertThat(Choice.of(List.of(old, young), Map.of(), Map.of())).containsExactly(young, old);
  }

  @Example
  @Label("a full deployment does not hold up younger runs of others")
  void passesOver() {
    var blocked = run(1, 1, 0, 1);
    var next = run(2, 1, 1, 2);
    assertThat(Choice.of(List.of(blocked, next), Map.of(POOL, 1), Map.of(new UUID(3, 1), 0)))
        .containsExactly(next);
  }

  @Provide
  Arbitrary<List<HandOut>> candidates() {
    return Combinators.combine(
            Arbitraries.integers().between(1, 30),
            Arbitraries.integers().between(1, 3),
            Arbitraries.integers().between(0, 4),
            Arbitraries.integers().between(0, 2))
        .as(ChoiceProperties::run)
        .list()
        .uniqueElements(out -> out.run().runId())
        .ofMaxSize(15);
  }

  @Provide
  Arbitrary<Map<UUID, Integer>> bounds() {
    var ids = Arbitraries.of(POOL, new UUID(2, 1), new UUID(2, 2));
    return Arbitraries.maps(ids, Arbitraries.integers().between(0, 4));
  }

  @Provide
  Arbitrary<Map<UUID, Integer>> turns() {
    var ids = Arbitraries.of(new UUID(3, 1), new UUID(3, 2));
    return Arbitraries.maps(ids, Arbitraries.integers().between(0, 3));
  }
}
