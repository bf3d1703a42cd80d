package io.sluice.queue;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.queue.Sighting.Whereabouts;
import io.sluice.run.StateNames;
import java.time.Instant;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Label;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.lifecycle.AfterContainer;

/** The runs of a queue after any sightings, against a plain map of the newest of each run. */
class QueuedRunsProperties {
  private static final Instant NOON = Instant.parse("2026-11-21T12:00:00Z");
  private static final Set<Whereabouts> SEEN = EnumSet.noneOf(Whereabouts.class);

  @Property(tries = 2000)
  @Label("no run is lost or in two places, the due ones come in order, old news are ignored")
  void agreesWithTheNewestSightings(@ForAll("sightings") List<Sighting> sightings) {
    var runs = QueuedRuns.NONE;
    Map<UUID, Sighting> newest = new HashMap<>();
    for (var seen : sightings) {
      runs = runs.with(seen);
      note(newest, seen);
      SEEN.add(seen.where());
      check(runs, newest);
    }
  }

  private static void note(Map<UUID, Sighting> newest, Sighting seen) {
    var known = newest.get(seen.runId());
    if (known == null || known.version() <= seen.version()) {
      newest.put(seen.runId(), seen);
    }
  }

  private static void check(QueuedRuns runs, Map<UUID, Sighting> newest) {
    var waiting =
        newest.values().stream()
            .filter(run -> run.where() == Whereabouts.WAITING)
            .sorted(Comparator.comparing(Sighting::due).thenComparing(Sighting::runId))
            .toList();
    assertThat(runs.due(null, null, Integer.MAX_VALUE)).isEqualTo(waiting);
    assertThat(runs.waiting()).isEqualTo(waiting.size());
    assertThat(runs.occupying()).isEqualTo(in(newest, Whereabouts.OCCUPYING));
    assertThat(runs.cancelling()).isEqualTo(in(newest, Whereabouts.CANCELLING).size());
    newest.forEach(
        (id, seen) ->
            assertThat(runs.find(id))
                .isEqualTo(
                    seen.where() == Whereabouts.ELSEWHERE ? Optional.empty() : Optional.of(seen)));

    var from = NOON.plusSeconds(2);
    var to = NOON.plusSeconds(4);
    assertThat(runs.due(from, to, 2))
        .isEqualTo(
            waiting.stream()
                .filter(run -> !run.due().isBefore(from) && !run.due().isAfter(to))
                .limit(2)
                .toList());
    assertThat(runs.sentBack(from, 2))
        .isEqualTo(
            waiting.stream()
                .filter(run -> run.due().isAfter(from))
                .filter(run -> run.stateName().equals(StateNames.AWAITING_CONCURRENCY_SLOT))
                .limit(2)
                .toList());
    assertThat(runs.nextDue(to))
        .isEqualTo(waiting.stream().map(Sighting::due).filter(d -> d.isAfter(to)).findFirst());
  }

  private static Set<UUID> in(Map<UUID, Sighting> newest, Whereabouts where) {
    return newest.values().stream()
        .filter(run -> run.where() == where)
        .map(Sighting::runId)
        .collect(Collectors.toSet());
  }

  @Example
  @Label("of runs that left so many are remembered that old news of them are ignored")
  void remembersTheLastThatLeft() {
    var runs = QueuedRuns.NONE;
    for (int i = 0; i <= QueuedRuns.DEPARTED_MAX; i++) {
      runs = runs.with(sighting(new UUID(2, i), 5, Whereabouts.ELSEWHERE, 0, "Completed"));
    }
    var forgotten = sighting(new UUID(2, 0), 4, Whereabouts.WAITING, 1, "Scheduled");
    var remembered = sighting(new UUID(2, 1), 4, Whereabouts.WAITING, 1, "Scheduled");
    assertThat(runs.with(remembered).waiting()).isZero();
    assertThat(runs.with(forgotten).waiting()).isEqualTo(1);
  }

  @Provide
  Arbitrary<UUID> ids() {
    return Arbitraries.integers().between(1, 6).map(n -> new UUID(1, n));
  }

  @Provide
  Arbitrary<List<Sighting>> sightings() {
    return Combinators.combine(
            ids(),
            Arbitraries.longs().between(1, 8),
            Arbitraries.of(Whereabouts.class),
            Arbitraries.integers().between(0, 6),
            Arbitraries.of("Scheduled", StateNames.AWAITING_CONCURRENCY_SLOT))
        .as(QueuedRunsProperties::sighting)
        .list()
        .ofMaxSize(30);
  }

  private static Sighting sighting(
      UUID run, long version, Whereabouts where, int dueSecond, String state) {
    var due = where == Whereabouts.WAITING ? NOON.plusSeconds(dueSecond) : null;
    return new Sighting(run, version, where, due, due, null, state);
  }

  @AfterContainer
  static void runsWereSeenEverywhere() {
    assertThat(SEEN).containsExactlyInAnyOrder(Whereabouts.values());
  }
}
