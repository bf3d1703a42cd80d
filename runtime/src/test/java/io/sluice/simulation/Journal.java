package io.sluice.simulation;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/**
 * Keeps rows by key and number, as a database does that all machines share: a number exists once,
 * so of two writers only one gets it. Writes may fail, be slow, or be done although they failed.
 *
 * @param <E> what a row holds
 */
public final class Journal<E> {

  /**
   * How bad it is.
   *
   * @param failing probability that a write fails
   * @param inDoubt probability that it fails for the writer only
   * @param slow probability that it takes long, up to {@code slowMost} microseconds
   */
  public record Weather(double failing, double inDoubt, double slow, long slowMost) {
    public static final Weather FINE = new Weather(0, 0, 0, 0);
  }

  private static final long USUAL = 3 * World.MILLI;

  private final World world;
  private final BiConsumer<String, E> onRow;
  private final Map<String, List<E>> rows = new HashMap<>();
  private Weather weather = Weather.FINE;

  /**
   * @param onRow told each row at the moment at which it is written
   */
  public Journal(World world, BiConsumer<String, E> onRow) {
    this.world = world;
    this.onRow = onRow;
  }

  public void weather(Weather weather) {
    this.weather = weather;
  }

  /**
   * @param number the row's, from 0 without a gap
   * @param done told true when it is written, false if it failed
   */
  public void write(Machine writer, String key, int number, E row, Consumer<Boolean> done) {
    long there = latency();
    long back = latency();
    boolean fails = world.chance(weather.failing());
    boolean inDoubt = world.chance(weather.inDoubt());
    int life = writer.life();
    world.after(
        there,
        () -> {
          boolean written = !fails && append(key, number, row);
          boolean told = written && !inDoubt;
          if (fails) {
            world.happened(Fault.WRITE_FAILED);
          } else if (written && inDoubt) {
            world.happened(Fault.WRITE_IN_DOUBT);
          }
          world.after(
              back,
              () -> {
                if (writer.life() == life) {
                  writer.act(() -> done.accept(told));
                }
              });
        });
  }

  private boolean append(String key, int number, E row) {
    var of = rows.computeIfAbsent(key, k -> new ArrayList<>());
    if (of.size() != number) {
      world.happened(Fault.WRITE_FENCED);
      world.say(() -> "row " + number + " of " + key + " exists already");
      return false;
    }
    of.add(row);
    onRow.accept(key, row);
    return true;
  }

  /** Reads all rows of {@code key}. */
  public void read(Machine reader, String key, Consumer<List<E>> done) {
    long back = latency();
    world.after(
        latency(),
        () -> {
          var found = List.copyOf(rows.getOrDefault(key, List.of()));
          reader.after(back, () -> done.accept(found));
        });
  }

  private long latency() {
    if (world.chance(weather.slow())) {
      world.happened(Fault.WRITE_SLOW);
      return world.between(USUAL, weather.slowMost());
    }
    return world.between(World.MILLI / 10, USUAL);
  }
}
