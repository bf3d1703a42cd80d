package io.sluice.load.compare;

import io.sluice.load.Timers;
import io.sluice.load.compare.Comparison.Played;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;

/**
 * Plays the rounds: for each variant all servers are made ready, then they take turns, A B B A A B
 * and so on, so that none always goes first.
 *
 * @param rounds of each variant on each server
 * @param tell is told what happens, a line each
 */
record Runner(List<Server> servers, int rounds, Consumer<String> tell) {
  static final Duration TOLD_EVERY = Duration.ofSeconds(5);

  List<Played> play(List<? extends Workload> variants) throws InterruptedException {
    var played = new ArrayList<Played>();
    var now = new AtomicReference<Workload.Session>();
    var label = new AtomicReference<>("");
    try (var timers = new Timers(Runnable::run)) {
      timers.every(
          TOLD_EVERY,
          () -> {
            var session = now.get();
            if (session != null) {
              tell.accept("  %s: %s".formatted(label.get(), session.progress()));
            }
          });
      for (var variant : variants) {
        var sessions = ready(variant);
        for (int number = 1; number <= rounds; number++) {
          for (var server : turn(number)) {
            label.set(
                "%s %s round %d/%d".formatted(variant.name(), server.label(), number, rounds));
            now.set(sessions.get(server));
            var round = sessions.get(server).play();
            now.set(null);
            played.add(new Played(variant.name(), server, number, round));
            tell.accept(label.get() + ": " + headline(round));
          }
        }
      }
    }
    return played;
  }

  private Map<Server, Workload.Session> ready(Workload variant) throws InterruptedException {
    var sessions = new LinkedHashMap<Server, Workload.Session>();
    for (var server : servers) {
      tell.accept("%s %s: warming up".formatted(variant.name(), server.label()));
      var session = variant.prepare(server);
      session.warmUp();
      sessions.put(server, session);
    }
    return sessions;
  }

  List<Server> turn(int number) {
    var order = new ArrayList<>(servers);
    if (number % 2 == 0) {
      Collections.reverse(order);
    }
    return order;
  }

  /** The figures that say most, on one line. */
  private static String headline(Round round) {
    var words = new ArrayList<String>();
    for (var name : HEADLINES) {
      var value = round.figures().get(name);
      if (value != null) {
        words.add(String.format(Locale.ROOT, "%s %.4g", name, value));
      }
    }
    round.faults().forEach(fault -> words.add("FAULT: " + fault));
    return String.join(", ", words);
  }

  private static final List<String> HEADLINES =
      List.of(
          "pairs_per_s",
          "pair_p99_ms",
          "makespan_s",
          "makespan_over_ideal",
          "utilisation",
          "slot_idle_p50_ms",
          "slot_idle_p99_ms",
          "wait_max_ms",
          "grants",
          "grants_over_due");
}
