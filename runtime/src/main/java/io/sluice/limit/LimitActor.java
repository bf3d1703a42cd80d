package io.sluice.limit;

import io.sluice.cluster.Asked;
import io.sluice.cluster.Wire;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.PostStop;
import org.apache.pekko.actor.typed.PreRestart;
import org.apache.pekko.actor.typed.SupervisorStrategy;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.apache.pekko.persistence.typed.PersistenceId;
import org.apache.pekko.persistence.typed.RecoveryCompleted;
import org.apache.pekko.persistence.typed.javadsl.CommandHandler;
import org.apache.pekko.persistence.typed.javadsl.Effect;
import org.apache.pekko.persistence.typed.javadsl.EventHandler;
import org.apache.pekko.persistence.typed.javadsl.EventSourcedBehavior;
import org.apache.pekko.persistence.typed.javadsl.RetentionCriteria;
import org.apache.pekko.persistence.typed.javadsl.SignalHandler;

/**
 * Shell around {@link LimitDesk}: hands it the commands, persists what a round of them brought
 * about as one row, then answers everybody, and keeps the owner's one timer.
 */
public final class LimitActor extends EventSourcedBehavior<LimitActor.Message, LimitEvent, Limit> {

  public sealed interface Message {}

  /**
   * Every command is answered exactly once: with its reply, or {@link LimitReply.AskAgain} or
   * {@link LimitReply.PerhapsDone}.
   */
  public record Execute(LimitCommand command, UUID request, ActorRef<LimitReply> replyTo)
      implements Message, Asked {
    Execute(LimitCommand command, ActorRef<LimitReply> replyTo) {
      this(command, UUID.randomUUID(), replyTo);
    }
  }

  /** Asks whether {@code token} still counts, by what is written. */
  public record Fence(long token, UUID request, ActorRef<Fencing> replyTo)
      implements Message, Asked {
    Fence(long token, ActorRef<Fencing> replyTo) {
      this(token, UUID.randomUUID(), replyTo);
    }
  }

  /** Tells {@code watcher} the figures now and after each change, for a while; see Watchers. */
  public record Watch(ActorRef<LimitFigures> watcher) implements Message, Wire {}

  /** Sent by sharding when the owner is to leave memory or this node. */
  public enum Stop implements Message {
    STOP
  }

  /** An asker, or its node, has ended before it was answered. */
  private record Gone(LimitDesk.Parked<ActorRef<LimitReply>> parked) implements Message {}

  private enum Flush implements Message {
    FLUSH
  }

  private enum Tick implements Message {
    DUE,
    IDLE
  }

  /** How this owner is run; see {@code sluice.limit} in {@code reference.conf}. */
  public record Settings(LimitBounds bounds, int batchMax, Duration idleFor, int snapshotEvery) {}

  private final Settings settings;
  private final InstantSource clock;
  private final BooleanSupplier sure;
  private final Consumer<ActorRef<Message>> passivate;
  private final ActorContext<Message> context;
  private final TimerScheduler<Message> timers;
  private final LimitMeter meter;
  private final LimitDesk<ActorRef<LimitReply>> desk;
  private final Watchers watchers = new Watchers();
  private boolean flushQueued;
  private Instant startedAt;

  private LimitActor(
      String key,
      Settings settings,
      InstantSource clock,
      BooleanSupplier sure,
      Consumer<ActorRef<Message>> passivate,
      LimitMeter meter,
      ActorContext<Message> context,
      TimerScheduler<Message> timers) {
    super(
        persistenceId(key),
        SupervisorStrategy.restartWithBackoff(Duration.ofMillis(200), Duration.ofSeconds(2), 0.1));
    this.settings = settings;
    this.clock = clock;
    this.sure = sure;
    this.passivate = passivate;
    this.context = context;
    this.timers = timers;
    this.meter = meter;
    this.startedAt = clock.instant();
    this.desk = new LimitDesk<>(settings.bounds(), settings.batchMax(), meter != LimitMeter.NONE);
  }

  /**
   * @param key the owner's {@link OwnerKey}
   * @param sure whether no other owner can have taken this one's place; what is decided without
   *     being written counts only then
   * @param passivate called when the owner may leave memory; answered with {@link Stop}
   * @param meter of this owner alone
   */
  public static Behavior<Message> create(
      String key,
      Settings settings,
      InstantSource clock,
      BooleanSupplier sure,
      Consumer<ActorRef<Message>> passivate,
      LimitMeter meter) {
    return Behaviors.setup(
        context ->
            Behaviors.withTimers(
                timers ->
                    new LimitActor(key, settings, clock, sure, passivate, meter, context, timers)));
  }

  /** Names the rows of a limit in the journal; may never change. */
  static PersistenceId persistenceId(String key) {
    return PersistenceId.of("limit", key);
  }

  @Override
  public Limit emptyState() {
    return Limit.ABSENT;
  }

  @Override
  public CommandHandler<Message, LimitEvent, Limit> commandHandler() {
    return newCommandHandlerBuilder()
        .forAnyState()
        .onCommand(Execute.class, this::onExecute)
        .onCommand(Flush.class, flush -> onFlush())
        .onCommand(Gone.class, this::onGone)
        .onCommand(Fence.class, this::onFence)
        .onCommand(Watch.class, this::onWatch)
        .onCommand(Tick.class, this::onTick)
        .onCommand(Stop.class, stop -> Effect().stop())
        .build();
  }

  @Override
  public EventHandler<Limit, LimitEvent> eventHandler() {
    return (limit, event) -> event.applyTo(limit);
  }

  private Effect<LimitEvent, Limit> onExecute(Execute execute) {
    desk.receive(command(execute), execute.replyTo(), clock.instant());
    queueFlush();
    return Effect().none();
  }

  /** An asker at this node lives as long as the owner does: it need not confirm anything. */
  private static LimitCommand command(Execute execute) {
    return execute.command() instanceof LimitCommand.Acquire ask
            && ask.style() == LimitCommand.Style.HAND_OVER
            && execute.replyTo().path().address().hasLocalScope()
        ? ask.with(ask.ifBusy(), LimitCommand.Style.GRANT)
        : execute.command();
  }

  /** Behind everything that is in the mailbox now, which so gets into the same write. */
  private void queueFlush() {
    if (!flushQueued) {
      flushQueued = true;
      context.getSelf().tell(Flush.FLUSH);
    }
  }

  private Effect<LimitEvent, Limit> onFlush() {
    flushQueued = false;
    var round = desk.decide(clock.instant(), sure.getAsBoolean());
    round.parked().forEach(this::watch);
    if (desk.hasWork()) {
      queueFlush();
    }
    if (round.event() == null) {
      arm();
      send(round);
      return Effect().none();
    }
    long began = System.nanoTime();
    return Effect()
        .persist(round.event())
        .thenRun(
            () -> {
              meter.appended(Duration.ofNanos(System.nanoTime() - began));
              desk.written();
              arm();
              send(round);
            });
  }

  private void send(LimitDesk.Round<ActorRef<LimitReply>> round) {
    for (var answer : round.answers()) {
      context.unwatch(answer.to());
      answer.to().tell(answer.reply());
    }
    if (round.tally() != null) {
      meter.answered(round.tally(), desk.standing(), clock.instant());
    }
  }

  private void watch(LimitDesk.Parked<ActorRef<LimitReply>> parked) {
    context.unwatch(parked.asker()); // as it refuses to watch one actor for two leases
    context.watchWith(parked.asker(), new Gone(parked));
  }

  private Effect<LimitEvent, Limit> onGone(Gone gone) {
    desk.gone(gone.parked(), clock.instant());
    queueFlush();
    return Effect().none();
  }

  private Effect<LimitEvent, Limit> onFence(Limit limit, Fence fence) {
    long written = lastSequenceNumber(context);
    var fencing = Fencing.of(limit, fence.token(), written);
    meter.fenced(fencing.holds());
    fence.replyTo().tell(fencing);
    return Effect().none();
  }

  private Effect<LimitEvent, Limit> onWatch(Watch watch) {
    var now = clock.instant();
    watchers.add(watch.watcher(), desk.owner().figures(now), now);
    arm();
    return Effect().none();
  }

  private Effect<LimitEvent, Limit> onTick(Tick tick) {
    if (tick == Tick.IDLE) {
      passivate.accept(context.getSelf());
      return Effect().none();
    }
    return onExecute(new Execute(new LimitCommand.Due(), context.getSystem().ignoreRef()));
  }

  /** Tells the watchers, and sets the one timer to when something happens next by itself. */
  private void arm() {
    var now = clock.instant();
    watchers.tell(desk.owner().figures(now), now);
    desk.dueIn(now)
        .ifPresentOrElse(
            in -> timers.startSingleTimer(Tick.DUE, in), () -> timers.cancel(Tick.DUE));
    if (desk.mayLeave(now)) {
      timers.startSingleTimer(Tick.IDLE, settings.idleFor());
    } else {
      timers.cancel(Tick.IDLE);
    }
  }

  @Override
  public SignalHandler<Limit> signalHandler() {
    return newSignalHandlerBuilder()
        .onSignal(RecoveryCompleted.instance(), this::onRecovered)
        .onSignal(PreRestart.instance(), limit -> answerAll())
        .onSignal(PostStop.instance(), limit -> answerAll())
        .build();
  }

  private void onRecovered(Limit limit) {
    var now = clock.instant();
    desk.recovered(limit, now, sure.getAsBoolean());
    if (desk.standing() != null) {
      meter.recovered(desk.standing(), Duration.between(startedAt, now));
    }
    arm();
  }

  /** Whoever still waits for an answer may have to ask the owner's next incarnation. */
  private void answerAll() {
    answerAll(desk.unsure(), new LimitReply.PerhapsDone());
    answerAll(desk.unanswered(), new LimitReply.AskAgain());
    flushQueued = false;
    startedAt = clock.instant();
    meter.left();
  }

  private void answerAll(List<ActorRef<LimitReply>> askers, LimitReply reply) {
    for (var asker : askers) {
      context.unwatch(asker);
      asker.tell(reply);
    }
  }

  @Override
  public RetentionCriteria retentionCriteria() {
    return RetentionCriteria.snapshotEvery(settings.snapshotEvery(), 2)
        .withDeleteEventsOnSnapshot();
  }
}
