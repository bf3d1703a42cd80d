package io.sluice.simulation;

import java.util.HashMap;
import java.util.Map;

/** Carries messages between machines, late, out of order, twice or not at all. */
public final class Network {

  /**
   * How bad it is.
   *
   * @param loss probability that a message is lost
   * @param duplication probability that it comes twice
   * @param delay probability that it takes long, up to {@code delayMost} microseconds
   */
  public record Weather(double loss, double duplication, double delay, long delayMost) {
    public static final Weather FINE = new Weather(0, 0, 0, 0);
  }

  private static final long LOCAL = 50;
  private static final long USUAL = 2 * World.MILLI;

  private final World world;
  private final Map<String, Long> arrivals = new HashMap<>();
  private Weather weather = Weather.FINE;

  public Network(World world) {
    this.world = world;
  }

  public void weather(Weather weather) {
    this.weather = weather;
  }

  /** Between members of a cluster: what is lost is lost. */
  public void send(Machine from, Machine to, Runnable onArrival) {
    if (from == to) {
      world.after(world.between(1, LOCAL), () -> to.act(onArrival));
      return;
    }
    if (world.chance(weather.loss())) {
      world.happened(Fault.MESSAGE_LOST);
      return;
    }
    deliver(from, to, onArrival);
    if (world.chance(weather.duplication())) {
      world.happened(Fault.MESSAGE_DUPLICATED);
      deliver(from, to, onArrival);
    }
  }

  private void deliver(Machine from, Machine to, Runnable onArrival) {
    long delay = delay();
    var link = from + ">" + to;
    long at = world.now() + delay;
    if (at < arrivals.getOrDefault(link, 0L)) {
      world.happened(Fault.MESSAGE_REORDERED);
    }
    arrivals.merge(link, at, Math::max);
    world.after(
        delay,
        () -> {
          if (!from.isCutOff() && !to.isCutOff()) {
            to.act(onArrival);
          }
        });
  }

  /** Over a connection of its own that reaches every machine: never twice. */
  public void call(Machine from, Machine to, Runnable onArrival) {
    if (from == to) {
      world.after(world.between(1, LOCAL), () -> to.act(onArrival));
    } else if (world.chance(weather.loss())) {
      world.happened(Fault.CONNECTION_BROKEN);
    } else {
      world.after(delay(), () -> to.act(onArrival));
    }
  }

  private long delay() {
    if (world.chance(weather.delay())) {
      world.happened(Fault.MESSAGE_DELAYED);
      return world.between(USUAL, weather.delayMost());
    }
    return world.between(World.MILLI / 10, USUAL);
  }
}
