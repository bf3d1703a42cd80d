package io.sluice.load.compare;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;

/**
 * All rounds of all variants.
 *
 * @param servers one or two
 * @param floors what the machine can do at best, measured in the same run; by name with unit
 */
public record Comparison(
    String workload, List<Server> servers, Map<String, Double> floors, List<Played> played) {

  /**
   * @param number of the round, from 1
   */
  public record Played(String variant, Server server, int number, Round round) {}

  public List<String> variants() {
    return played.stream().map(Played::variant).distinct().toList();
  }

  public List<Round> rounds(String variant, Server server) {
    return played.stream()
        .filter(one -> one.variant().equals(variant) && one.server().equals(server))
        .map(Played::round)
        .toList();
  }

  /** All figures that some round of the variant has. */
  public List<String> figures(String variant) {
    var names = new LinkedHashSet<String>();
    for (var one : played) {
      if (one.variant().equals(variant)) {
        names.addAll(one.round().figures().keySet());
      }
    }
    return List.copyOf(names);
  }

  /** Over the rounds that have the figure; empty if none has. */
  public OptionalDouble median(String variant, Server server, String figure) {
    return median(values(variant, server, figure));
  }

  static OptionalDouble median(double[] values) {
    if (values.length == 0) {
      return OptionalDouble.empty();
    }
    var sorted = values.clone();
    Arrays.sort(sorted);
    int half = sorted.length / 2;
    return OptionalDouble.of(
        sorted.length % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2);
  }

  private double[] values(String variant, Server server, String figure) {
    return rounds(variant, server).stream()
        .filter(round -> round.figures().containsKey(figure))
        .mapToDouble(round -> round.figures().get(figure))
        .toArray();
  }

  /** Median of the first server over that of the second; empty if there is none. */
  public OptionalDouble ratio(String variant, String figure) {
    if (servers.size() < 2) {
      return OptionalDouble.empty();
    }
    var a = median(variant, servers.get(0), figure);
    var b = median(variant, servers.get(1), figure);
    return a.isEmpty() || b.isEmpty() || b.getAsDouble() == 0
        ? OptionalDouble.empty()
        : OptionalDouble.of(a.getAsDouble() / b.getAsDouble());
  }

  /** What the server did wrong, by round: {@code variant, round 2: …}. */
  public List<String> faults(Server server) {
    var faults = new ArrayList<String>();
    for (var one : played) {
      if (one.server().equals(server)) {
        for (var fault : one.round().faults()) {
          faults.add("%s, round %d: %s".formatted(one.variant(), one.number(), fault));
        }
      }
    }
    return faults;
  }

  /** The round that stands for the variant on that server: the one in the middle, in time. */
  public Round typical(String variant, Server server) {
    var rounds = rounds(variant, server);
    return rounds.get(rounds.size() / 2);
  }

  /** Medians of one server, in the order of {@link #figures}. */
  public Map<String, Double> medians(String variant, Server server) {
    var medians = new LinkedHashMap<String, Double>();
    for (var figure : figures(variant)) {
      median(variant, server, figure).ifPresent(value -> medians.put(figure, value));
    }
    return medians;
  }
}
