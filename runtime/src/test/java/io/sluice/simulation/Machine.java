package io.sluice.simulation;

import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;

/** A process on a machine with a clock of its own. What it was about to do dies with it. */
public final class Machine {
  private static final Instant BEGINNING = Instant.parse("2026-11-21T12:00:00Z");

  private static final long STANDSTILL = 2 * World.SECOND;

  /** After a long standstill it is not sure of itself for so long. */
  public static final long UNSURE_FOR = 5 * World.SECOND;

  private final World world;
  private final String name;
  private final long skew;
  private final Deque<Runnable> backlog = new ArrayDeque<>();
  private int life;
  private boolean up = true;
  private boolean paused;
  private long pausedAt;
  private long unsureUntil;
  private boolean cutOff;

  /**
   * @param skew how far its clock is ahead, in microseconds
   */
  public Machine(World world, String name, long skew) {
    this.world = world;
    this.name = name;
    this.skew = skew;
    if (skew != 0) {
      world.happened(Fault.CLOCK_SKEWED);
    }
  }

  public boolean isUp() {
    return up;
  }

  /** Whether nothing goes between it and other machines of its kind. */
  public boolean isCutOff() {
    return cutOff;
  }

  /** Whether it did not stand still long just before, as far as it can tell. */
  public boolean isSure() {
    return world.now() >= unsureUntil;
  }

  public boolean isPaused() {
    return paused;
  }

  /** By its own clock. */
  public Instant clock() {
    return BEGINNING.plusNanos((world.now() + skew) * 1_000);
  }

  /** Counts its starts; what was begun in one life does not go on in the next. */
  public int life() {
    return life;
  }

  /** Does {@code what} now, or when it goes on after a pause, or never if it is down. */
  public void act(Runnable what) {
    if (paused) {
      int now = life;
      backlog.add(() -> actIn(now, what));
    } else if (up) {
      what.run();
    }
  }

  private void actIn(int begun, Runnable what) {
    if (begun == life) {
      act(what);
    }
  }

  /** A timer of its present life. */
  public void after(long micros, Runnable what) {
    int begun = life;
    world.after(micros, () -> actIn(begun, what));
  }

  public void crash() {
    up = false;
    paused = false;
    life++;
    backlog.clear();
    world.happened(Fault.MACHINE_CRASHED);
    world.say(() -> name + " crashes");
  }

  public void restart() {
    up = true;
    cutOff = false;
    world.happened(Fault.MACHINE_RESTARTED);
    world.say(() -> name + " starts again");
  }

  public void cutOff() {
    cutOff = true;
    world.happened(Fault.MACHINE_CUT_OFF);
    world.say(() -> name + " is cut off");
  }

  public void heal() {
    cutOff = false;
    world.happened(Fault.MACHINE_HEALED);
    world.say(() -> name + " is connected again");
  }

  public void pause() {
    paused = true;
    pausedAt = world.now();
    world.say(() -> name + " stands still");
  }

  /** Goes on with everything that came in the meantime, in the order in which it came. */
  public void goOn() {
    if (!paused) {
      return;
    }
    paused = false;
    if (world.now() - pausedAt > STANDSTILL) {
      unsureUntil = world.now() + UNSURE_FOR;
    }
    world.say(() -> name + " goes on");
    while (!backlog.isEmpty() && up && !paused) {
      backlog.poll().run();
    }
  }

  @Override
  public String toString() {
    return name;
  }
}
