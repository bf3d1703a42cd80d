package io.sluice.load.faults;

import java.time.Duration;
import java.util.List;
import java.util.Random;

/**
 * How a client uses limits, again and again.
 *
 * @param wants the sets of limits of which it takes one each time, by the endings of their names
 * @param holdLeast how long it holds them, at least …
 * @param holdMost … and at most
 * @param patience how long one request of it may be held
 * @param patient whether it asks until it is granted; else one request is all it makes
 * @param renews whether it renews its lease while it holds it
 * @param twice of so many releases one is sent twice
 */
record Habit(
    List<List<String>> wants,
    Duration holdLeast,
    Duration holdMost,
    Duration patience,
    boolean patient,
    boolean renews,
    int twice) {

  /** Everybody wants one of three slots, so that there is always a line. */
  static final Habit CROWD =
      new Habit(List.of(List.of("hot")), millis(200), millis(400), seconds(20), true, false, 10);

  /** Gives up if it is not its turn soon. */
  static final Habit HASTY =
      new Habit(List.of(List.of("hot")), millis(100), millis(200), seconds(1), false, false, 10);

  static final Habit QUICK =
      new Habit(
          List.of(List.of("one-1"), List.of("one-2"), List.of("one-3"), List.of("one-4")),
          millis(5),
          millis(30),
          seconds(10),
          true,
          false,
          5);

  static final Habit SETS =
      new Habit(
          List.of(
              List.of("set-1", "set-2"),
              List.of("set-2", "set-3"),
              List.of("set-1", "set-3"),
              List.of("set-1", "set-2", "set-3"),
              List.of("one-1", "set-2")),
          millis(5),
          millis(40),
          seconds(10),
          true,
          false,
          5);

  /** As {@link #SETS}, but gives up if it is not its turn soon. */
  static final Habit HASTY_SETS =
      new Habit(SETS.wants(), millis(5), millis(40), seconds(1), false, false, 5);

  static final Habit LONG =
      new Habit(List.of(List.of("long")), seconds(3), seconds(8), seconds(20), true, true, 3);

  private static Duration millis(long amount) {
    return Duration.ofMillis(amount);
  }

  private static Duration seconds(long amount) {
    return Duration.ofSeconds(amount);
  }

  List<String> want(Random random) {
    return wants.get(random.nextInt(wants.size()));
  }

  Duration hold(Random random) {
    long spread = holdMost.minus(holdLeast).toNanos();
    return holdLeast.plusNanos((long) (random.nextDouble() * spread));
  }
}
