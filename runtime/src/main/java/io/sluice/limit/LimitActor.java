package io.sluice.limit;

import io.sluice.cluster.Asked;
import io.sluice.cluster.Wire;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.PostStop;
import org.apache.pekko.actor.typed.PreRestart;
import org.apache.pekko.actor.typed.SupervisorStrategy;
import org.apache.pekko.actor.typed.Terminated;
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
 * Shell around {@link LimitOwner}: collects the commands that arrive while a write is under way,
 * has them decided together, persists what happened as one row, then answers everybody.
 */
public final class LimitActor extends EventSourcedBehavior<LimitActor.Message, LimitEvent, Limit> {

  public sealed interface Message {}

  /** Every command is answered exactly once: with its reply, or {@link LimitReply.AskAgain}. */
  public record Execute(LimitCommand command, ActorRef<LimitReply> replyTo)
      implements Message, Asked {}

  /** Asks whether {@code token} still counts, by what is written. */
  public record Fence(long token, ActorRef<Fencing> replyTo) implements Message, Asked {}

  /** Tells {@code watcher} the figures now and after each change, for a while; see Watchers. */
  public record Watch(ActorRef<LimitFigures> watcher) implements Message, Wire {}

  /** Sent by sharding when the owner is to leave memory or this node. */
  public enum Stop implements Message {
    STOP
  }

  private enum Flush implements Message {
    FLUSH
  }

  private enum Tick implements Message {
    DUE,
    IDLE
  }

  /** How this owner is run; see {@code sluice.limit} in {@code reference.conf}. */
  public record Settings(LimitBounds bounds, int batchMax, Duration idleFor, int snapshotEvery) {}

  private record Answer(ActorRef<LimitReply> to, LimitReply reply) {
    void send() {
      to.tell(reply);
    }
  }

  private final Settings settings;
  private final InstantSource clock;
  private final BooleanSupplier sure;
  private final Consumer<ActorRef<Message>> passivate;
  private final ActorContext<Message> context;
  private final TimerScheduler<Message> timers;
  private final List<Execute> waiting = new ArrayList<>();
  private final List<ActorRef<LimitReply>> writing = new ArrayList<>();
  private final Map<UUID, ActorRef<LimitReply>> parked = new HashMap<>();
  private final Set<Execute> ofGone = new HashSet<>();
  private final Watchers watchers = new Watchers();
  private boolean flushQueued;
  private LimitOwner owner;

  private LimitActor(
      String key,
      Settings settings,
      InstantSource clock,
      BooleanSupplier sure,
      Consumer<ActorRef<Message>> passivate,
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
  }

  /**
   * @param key the owner's {@link OwnerKey}
   * @param sure whether no other owner can have taken this one's place; what is decided without
   *     being written counts only then
   * @param passivate called when the owner may leave memory; answered with {@link Stop}
   */
  public static Behavior<Message> create(
      String key,
      Settings settings,
      InstantSource clock,
      BooleanSupplier sure,
      Consumer<ActorRef<Message>> passivate) {
    return Behaviors.setup(
        context ->
            Behaviors.withTimers(
                timers -> new LimitActor(key, settings, clock, sure, passivate, context, timers)));
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
    waiting.add(execute);
    queueFlush();
    return Effect().none();
  }

  /** Nobody would learn of a grant to an asker that is gone, or whose node is. */
  private void onGone(Terminated gone) {
    parked.forEach(
        (lease, asker) -> {
          if (asker.equals(gone.getRef())) {
            var withdraw = new Execute(new LimitCommand.Withdraw(lease, null), asker);
            ofGone.add(withdraw);
            waiting.add(withdraw);
          }
        });
    queueFlush();
  }

  /** Whether the lease is waited for by another asker meanwhile than by the one that is gone. */
  private boolean isOverdue(Execute execute) {
    return ofGone.remove(execute)
        && execute.command() instanceof LimitCommand.Withdraw withdraw
        && !execute.replyTo().equals(parked.get(withdraw.leaseId()));
  }

  private void park(UUID leaseId, ActorRef<LimitReply> asker) {
    parked.put(leaseId, asker);
    context.watch(asker);
  }

  private ActorRef<LimitReply> unpark(UUID leaseId) {
    var asker = parked.remove(leaseId);
    context.unwatch(asker);
    return asker;
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
    var batch = waiting.subList(0, Math.min(waiting.size(), settings.batchMax()));
    var events = new ArrayList<LimitEvent>();
    var answers = new ArrayList<Answer>();
    for (var execute : batch) {
      decide(execute, events, answers);
    }
    batch.clear();
    if (!waiting.isEmpty()) {
      queueFlush();
    }
    return persist(events, answers);
  }

  private void decide(Execute execute, List<LimitEvent> events, List<Answer> answers) {
    if (execute.command() instanceof LimitCommand.Renew && !sure.getAsBoolean()) {
      answers.add(new Answer(execute.replyTo(), new LimitReply.AskAgain()));
      return;
    }
    if (isOverdue(execute)) {
      return;
    }
    var decision = execute.command().decide(owner, clock.instant());
    owner = decision.after();
    events.addAll(decision.events());
    decision.woken().forEach((lease, reply) -> answers.add(new Answer(unpark(lease), reply)));
    if (decision.reply() != null) {
      answers.add(new Answer(execute.replyTo(), decision.reply()));
    } else if (execute.command() instanceof LimitCommand.Acquire ask) {
      park(ask.leaseId(), execute.replyTo());
    }
  }

  private Effect<LimitEvent, Limit> persist(List<LimitEvent> events, List<Answer> answers) {
    if (events.isEmpty()) {
      arm();
      answers.forEach(Answer::send);
      return Effect().none();
    }
    answers.forEach(answer -> writing.add(answer.to()));
    var event = events.size() == 1 ? events.get(0) : new LimitEvent.Batch(events);
    return Effect()
        .persist(event)
        .thenRun(
            () -> {
              writing.clear();
              arm();
              answers.forEach(Answer::send);
            });
  }

  private Effect<LimitEvent, Limit> onFence(Limit limit, Fence fence) {
    long written = lastSequenceNumber(context);
    fence.replyTo().tell(Fencing.of(limit, fence.token(), written));
    return Effect().none();
  }

  private Effect<LimitEvent, Limit> onWatch(Watch watch) {
    var now = clock.instant();
    watchers.add(watch.watcher(), owner.figures(now), now);
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
    watchers.tell(owner.figures(now), now);
    var due = owner.nextDue(now);
    if (due.isPresent()) {
      var in = Duration.between(now, due.get());
      timers.startSingleTimer(Tick.DUE, in.isNegative() ? Duration.ZERO : in);
      timers.cancel(Tick.IDLE);
    } else {
      timers.cancel(Tick.DUE);
      if (owner.line().parkedCount() == 0) {
        timers.startSingleTimer(Tick.IDLE, settings.idleFor());
      } else {
        timers.cancel(Tick.IDLE);
      }
    }
  }

  @Override
  public SignalHandler<Limit> signalHandler() {
    return newSignalHandlerBuilder()
        .onSignal(RecoveryCompleted.instance(), this::onRecovered)
        .onSignal(Terminated.class, (limit, gone) -> onGone(gone))
        .onSignal(PreRestart.instance(), limit -> answerAll())
        .onSignal(PostStop.instance(), limit -> answerAll())
        .build();
  }

  private void onRecovered(Limit limit) {
    owner = LimitOwner.recovered(limit, settings.bounds(), clock.instant());
    arm();
  }

  /** Whoever still waits for an answer asks the owner's next incarnation. */
  private void answerAll() {
    var again = new LimitReply.AskAgain();
    waiting.forEach(execute -> execute.replyTo().tell(again));
    writing.forEach(asker -> asker.tell(again));
    List.copyOf(parked.keySet()).forEach(lease -> unpark(lease).tell(again));
    ofGone.clear();
    waiting.clear();
    writing.clear();
    flushQueued = false;
  }

  @Override
  public RetentionCriteria retentionCriteria() {
    return RetentionCriteria.snapshotEvery(settings.snapshotEvery(), 2)
        .withDeleteEventsOnSnapshot();
  }
}
