package io.sluice.load.compare;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Everything that a server is for, all at once and for long: clients do this and that with pauses
 * in between, so that the load is steady and the server has time to be in order. What is measured
 * is whether it stays as it was: its memory, and how soon it answers what nobody needs to wait for.
 *
 * @param clients with a connection each
 * @param pause of a client between two things, at most; half of it on average
 * @param time of a round
 */
record Mixed(int clients, Duration pause, Duration time) implements Workload {
  private static final Duration GRACE = Duration.ofMinutes(2);

  /** So often the memory is read, the first time after one such part of the time. */
  private static final int SAMPLES = 12;

  @Override
  public String name() {
    return "%dclients-%ds".formatted(clients, time.toSeconds());
  }

  @Override
  public Session prepare(Server server) throws InterruptedException {
    try (var caller = Caller.ofSetUp(server)) {
      return new Everything(server, MixedStage.set(caller, clients));
    }
  }

  /** The clients of one server. */
  private final class Everything implements Session {
    private final Server server;
    private final MixedStage stage;
    private volatile MixedTimes times = new MixedTimes(0, 0);
    private volatile List<Memory> samples = List.of();

    Everything(Server server, MixedStage stage) {
      this.server = server;
      this.stage = stage;
    }

    @Override
    public void warmUp() throws InterruptedException {
      WarmUp.slots(server);
    }

    @Override
    public Round play() throws InterruptedException {
      var crew = new Crew(server.api());
      long began = System.nanoTime();
      var all = new MixedTimes(began, began + time.toNanos());
      List<Memory> memory = Collections.synchronizedList(new ArrayList<>());
      times = all;
      samples = memory;
      // The last one looks at the memory, while the others are at work.
      crew.play(
          clients + 1,
          time.plus(GRACE),
          (number, caller) -> {
            if (number == clients) {
              watch(caller, memory, began);
              return;
            }
            var client = new MixedClient(caller, stage, new SplittableRandom(number), all);
            client.play(pause, began + time.toNanos());
          });
      var round = new Round.Builder().put("clients", clients);
      all.addTo(round, time);
      addMemory(round, memory);
      Slots.addLeft(server, stage.limits(), round);
      return round.counts(crew.counts()).build();
    }

    private void watch(Caller caller, List<Memory> memory, long began) throws InterruptedException {
      if (server.pid().isEmpty()) {
        return;
      }
      long part = time.dividedBy(SAMPLES).toNanos();
      for (int number = 1; number <= SAMPLES; number++) {
        if (!caller.deadline().pauseUntil(began + number * part)) {
          return;
        }
        memory.add(Memory.of(server.pid().getAsLong()));
      }
    }

    private void addMemory(Round.Builder round, List<Memory> memory) {
      if (memory.isEmpty()) {
        return;
      }
      var first = memory.get(0);
      var last = memory.get(memory.size() - 1);
      round.put("rss_first_mib", first.resident()).put("rss_last_mib", last.resident());
      if (first.live() > 0 && last.live() > 0) {
        round
            .put("heap_first_mib", first.live())
            .put("heap_max_mib", memory.stream().mapToDouble(Memory::live).max().orElse(0))
            .put("heap_last_mib", last.live())
            .put("heap_last_over_first", last.live() / first.live());
      }
    }

    @Override
    public String progress() {
      var memory = List.copyOf(samples);
      return memory.isEmpty()
          ? "%d done".formatted(times.done())
          : "%d done, %s".formatted(times.done(), memory.get(memory.size() - 1));
    }
  }
}
