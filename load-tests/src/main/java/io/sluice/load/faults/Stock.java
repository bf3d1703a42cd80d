package io.sluice.load.faults;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * The limits of one run of the suite.
 *
 * @param limits by name
 */
record Stock(Map<String, Limit> limits) {

  record Limit(String name, String id, int slots) {}

  /** Name and size of each limit that a run needs. */
  static Map<String, Integer> sizes(String run) {
    var sizes = new TreeMap<String, Integer>();
    sizes.put(run + "-hot", 3);
    for (int number = 1; number <= 4; number++) {
      sizes.put(run + "-one-" + number, 1);
    }
    sizes.put(run + "-set-1", 1);
    sizes.put(run + "-set-2", 2);
    sizes.put(run + "-set-3", 1);
    sizes.put(run + "-long", 2);
    return sizes;
  }

  static Stock of(List<Limit> limits) {
    var byName = new TreeMap<String, Limit>();
    limits.forEach(limit -> byName.put(limit.name(), limit));
    return new Stock(byName);
  }

  /** The limit whose name ends so. */
  Limit of(String ending) {
    return limits.values().stream()
        .filter(limit -> limit.name().endsWith("-" + ending))
        .findFirst()
        .orElseThrow();
  }

  String nameOf(String id) {
    return limits.values().stream()
        .filter(limit -> limit.id().equals(id))
        .map(Limit::name)
        .findFirst()
        .orElse(id);
  }

  Map<String, Integer> sizes() {
    return limits.values().stream().collect(Collectors.toMap(Limit::name, Limit::slots));
  }

  /** As one word for a command line; see {@link #parse}. */
  String text() {
    return limits.values().stream()
        .map(limit -> "%s:%s:%d".formatted(limit.name(), limit.id(), limit.slots()))
        .collect(Collectors.joining(","));
  }

  static Stock parse(String text) {
    return of(
        List.of(text.split(",")).stream()
            .map(word -> word.split(":"))
            .map(parts -> new Limit(parts[0], parts[1], Integer.parseInt(parts[2])))
            .toList());
  }
}
