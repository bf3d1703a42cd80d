package io.sluice.simulation;

import java.util.List;
import java.util.PriorityQueue;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Virtual time and the one source of chance: the same seed makes the same world, step by step. All
 * times are microseconds since the world began. Confined to one thread.
 */
public final class World {
  public static final long MILLI = 1_000;
  public static final long SECOND = 1_000_000;

  private record Planned(long at, long order, Runnable what) implements Comparable<Planned> {
    @Override
    public int compareTo(Planned other) {
      return at != other.at ? Long.compare(at, other.at) : Long.compare(order, other.order);
    }
  }

  private final long seed;
  private final SplittableRandom random;
  private final Consumer<String> trace;
  private final PriorityQueue<Planned> planned = new PriorityQueue<>();
  private final Seen seen = new Seen();
  private long now;
  private long order;
  private long steps;
  private long digest;
  private RuleBroken failure;

  /**
   * @param trace told what happens; null if nobody reads it
   */
  public World(long seed, Consumer<String> trace) {
    this.seed = seed;
    this.random = new SplittableRandom(seed);
    this.trace = trace;
  }

  public long seed() {
    return seed;
  }

  public long now() {
    return now;
  }

  public long steps() {
    return steps;
  }

  public Seen seen() {
    return seen;
  }

  /** A number that differs for worlds that went different ways. */
  public long digest() {
    return digest;
  }

  /** Plans {@code what} so many microseconds ahead, at least 0; of two at once the first goes. */
  public void after(long micros, Runnable what) {
    planned.add(new Planned(now + Math.max(0, micros), order++, what));
  }

  /** Does the next thing; false if nothing is planned. */
  public boolean step() {
    var next = planned.poll();
    if (next == null) {
      return false;
    }
    now = next.at();
    steps++;
    digest = digest * 31 + now * 17 + next.order();
    guard(next.what());
    if (failure != null) {
      throw failure;
    }
    return true;
  }

  /** Does {@code what}; if it fails, the world ends even if the failure is caught further out. */
  public void guard(Runnable what) {
    try {
      what.run();
    } catch (RuleBroken rule) {
      failure = failure == null ? rule : failure;
      throw rule;
    } catch (RuntimeException bug) {
      var wrapped = new RuleBroken(seed, now, "no bug", bug.toString());
      wrapped.initCause(bug);
      failure = failure == null ? wrapped : failure;
      throw bug;
    }
  }

  // ---- chance ----

  public boolean chance(double probability) {
    return probability > 0 && random.nextDouble() < probability;
  }

  /** From {@code from} up to but without {@code to}. */
  public long between(long from, long to) {
    return to <= from ? from : random.nextLong(from, to);
  }

  public <T> T pick(List<T> of) {
    return of.get(random.nextInt(of.size()));
  }

  public UUID uuid() {
    return new UUID(random.nextLong(), random.nextLong());
  }

  // ---- what happens ----

  public void happened(Enum<?> what) {
    happened(Seen.key(what));
  }

  public void happened(String what) {
    seen.add(what);
    digest = digest * 31 + what.hashCode();
  }

  /** Says what happens, if anybody listens. */
  public void say(Supplier<String> what) {
    if (trace != null) {
      trace.accept("%11.6f s  %s".formatted(now / 1e6, what.get()));
    }
  }

  /** Ends the world: a rule is broken. */
  public void broken(String rule, String what, Object... facts) {
    var broken = new RuleBroken(seed, now, rule, what.formatted(facts));
    failure = failure == null ? broken : failure;
    throw broken;
  }
}
