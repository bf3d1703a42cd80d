package io.sluice.limit;

import com.typesafe.config.ConfigFactory;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What the decisions of a limit's owner cost, and the application of their events, without writing
 * or telling anything. The limit is full and its line as long as the parameter says, before and
 * after each operation.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class LimitBenchmark {
  private static final UUID LIMIT = UUID.fromString("11111111-2222-4333-8444-555555555555");
  private static final Instant START = Instant.parse("2026-11-21T12:00:00Z");
  private static final Duration LEASE = Duration.ofHours(1000);

  /** How many wait. */
  @Param({"1", "100", "10000"})
  private int waiters;

  /** How many hold a slot. */
  @Param({"1", "1000"})
  private int leases;

  private final Queue<UUID> held = new ArrayDeque<>();
  private final Queue<UUID> waiting = new ArrayDeque<>();
  private LimitOwner owner;
  private Limit applied;
  private Instant now = START;
  private int asked;

  @Setup
  public void fill() {
    var bounds = LimitBounds.of(ConfigFactory.load().getConfig("sluice.limit"));
    owner = LimitOwner.recovered(Limit.ABSENT, bounds, now);
    applied = Limit.ABSENT;
    tell(new LimitCommand.Create(LIMIT, LimitSettings.of("db", leases), 0, List.of()));
    for (int n = 0; n < leases; n++) {
      held.add(ask());
    }
    for (int n = 0; n < waiters; n++) {
      waiting.add(ask());
    }
  }

  private Decision tell(LimitCommand command) {
    now = now.plusNanos(1000);
    var decision = command.decide(owner, now);
    owner = decision.after();
    for (var event : decision.events()) {
      applied = event.applyTo(applied);
    }
    return decision;
  }

  private LimitCommand.Acquire next() {
    return new LimitCommand.Acquire(
        OwnerKey.leaseOf(LIMIT, new UUID(1, ++asked)),
        1,
        false,
        new LimitCommand.Hold.Leased(LEASE, List.of()),
        null,
        now,
        0,
        LimitCommand.IfBusy.PARK,
        LimitCommand.Style.GRANT);
  }

  private UUID ask() {
    var ask = next();
    tell(ask);
    return ask.leaseId();
  }

  /** A release grants the slot to the head of the line; somebody else joins the line. */
  @Benchmark
  public Limit handOver() {
    tell(LimitCommand.Release.any(held.remove()));
    held.add(waiting.remove());
    waiting.add(ask());
    return applied;
  }

  /** Somebody asks who is not to wait, and is told the position and when to come back. */
  @Benchmark
  public Decision turnAway() {
    return tell(next().with(LimitCommand.IfBusy.FORGET, LimitCommand.Style.GRANT));
  }

  /** A lease is renewed. */
  @Benchmark
  public Decision renew() {
    var lease = held.remove();
    held.add(lease);
    return tell(new LimitCommand.Renew(lease, LEASE));
  }

  /** What the owner looks at after each round: when it is due, and the figures it tells. */
  @Benchmark
  public Object lookAround() {
    return owner.nextDue(now).isPresent() ? owner.figures(now) : owner;
  }
}
