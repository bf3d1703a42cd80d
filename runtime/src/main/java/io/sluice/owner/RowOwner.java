package io.sluice.owner;

import static io.sluice.cluster.Spans.longer;
import static io.sluice.cluster.Spans.shorter;

import io.sluice.cluster.Asked;
import io.sluice.cluster.Why;
import io.sluice.store.RowChange;
import io.sluice.store.StaleRow;
import io.sluice.store.Store;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.apache.pekko.actor.Cancellable;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.PostStop;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;

/**
 * The owner of one object that is stored as rows: the only place where it changes.
 *
 * <p>Every command is answered exactly once. While a change is under way further commands wait, at
 * most {@code waitingMax}; those that need no change may be answered at once.
 *
 * @param <C> commands
 * @param <R> replies
 * @param <S> the object, null if there is none
 */
public abstract class RowOwner<C, R, S> extends AbstractBehavior<RowOwner.Message> {

  /** What an owner receives. */
  public interface Message {}

  /** A command with its asker. */
  public interface Ask<C, R> extends Message, Asked {
    C command();

    ActorRef<R> replyTo();
  }

  /**
   * What every owner needs.
   *
   * @param passOn hands what waited to the owner that comes after this one
   */
  public record Settings(
      Store store,
      int waitingMax,
      Duration idleFor,
      Consumer<ActorRef<Message>> passivate,
      Consumer<Message> passOn) {}

  /** Sent by sharding when the owner is to leave memory or this node. */
  public enum Stop implements Message {
    STOP
  }

  private enum Tick implements Message {
    IDLE,
    DUE
  }

  /** An owner that has something to do by itself within this stays in memory. */
  private static final Duration STAYS_FOR = Duration.ofMinutes(1);

  /** What was due and could not be done is tried again after this. */
  private static final Duration RETRY_AFTER = Duration.ofSeconds(5);

  /** Pekko's scheduler takes no more than 248 days. */
  private static final Duration SLEEP_MOST = Duration.ofDays(1);

  private record Loaded(Object state, Throwable failure) implements Message {}

  private record Step(Runnable next) implements Message {}

  private final Settings settings;
  private final Deque<Ask<C, R>> waiting = new ArrayDeque<>();
  private boolean begun;
  private boolean loaded;
  private Ask<C, R> creating;
  private boolean busy;
  private S state;
  private Instant alarmAt;
  private Cancellable alarm;
  private boolean stopping;

  protected RowOwner(Settings settings, ActorContext<Message> context) {
    super(context);
    this.settings = settings;
    context.setReceiveTimeout(settings.idleFor(), Tick.IDLE);
  }

  @Override
  public final Receive<Message> createReceive() {
    return newReceiveBuilder()
        .onMessage(Loaded.class, this::onLoaded)
        .onMessage(Step.class, this::onStep)
        .onMessageEquals(Tick.IDLE, this::onIdle)
        .onMessageEquals(Tick.DUE, this::onDue)
        .onMessage(Stop.class, stop -> onStop())
        .onMessage(Ask.class, this::onAsk)
        .onSignal(PostStop.class, stopped -> onStopped())
        .build();
  }

  // ---- what each owner defines ----

  /** Reads the object; null if there is none. */
  protected abstract CompletableFuture<S> read();

  /** Carries a command out; ends with {@link #done()}, at once or later. */
  protected abstract void perform(C command, ActorRef<R> replyTo);

  /** Answers a command that may overtake others; false if it may not. Called when loaded. */
  protected abstract boolean answerAtOnce(C command, ActorRef<R> replyTo);

  /** The reply to a command that was not carried out. */
  protected abstract R unavailable(String why);

  /**
   * Whether the object is sure to be new if {@code command} is the first one: it is written without
   * a look for an old one. If there is one after all, as the command was sent twice, it is read,
   * and the command carried out on it.
   */
  protected boolean creates(C command) {
    return false;
  }

  /**
   * When the owner has something to do by itself, null for never. Asked after every change; if it
   * is past and stays so, the owner is woken again and again.
   */
  protected Instant wakesAt() {
    return null;
  }

  /** The command by which the owner does what is due, for owners that say when. */
  protected Ask<C, R> wake() {
    throw new IllegalStateException("never wakes");
  }

  /** The owner's time, for owners that say when they wake. */
  protected Instant now() {
    throw new IllegalStateException("has no clock");
  }

  /** Another command waits for the one under way, or the owner is to stop. */
  protected void hurry() {}

  /** The owner stops in the middle of a command. */
  protected void abandoned() {}

  /** The owner stops: whoever waits for something to happen is to ask the next one. */
  protected void leaving() {}

  // ---- what each owner uses ----

  protected final S state() {
    return state;
  }

  /** The command under way is over. */
  protected final void done() {
    busy = false;
  }

  /** Goes on with {@code next} inside the owner. */
  protected final void then(Runnable next) {
    getContext().getSelf().tell(new Step(next));
  }

  /** Goes on with one of the two inside the owner when {@code step} is over. */
  protected final <T> void when(
      CompletableFuture<T> step, Consumer<T> next, Consumer<Throwable> failed) {
    step.whenComplete(
        (result, failure) ->
            then(
                () -> {
                  if (failure == null) {
                    next.accept(result);
                  } else {
                    failed.accept(Why.cause(failure));
                  }
                }));
  }

  /** Goes on with {@code next} inside the owner after a while, unless cancelled. */
  protected final Cancellable later(Duration wait, Runnable next) {
    return getContext().scheduleOnce(wait, getContext().getSelf(), new Step(next));
  }

  /**
   * Writes {@code changes}; then the object is {@code after}. If the rows changed under the owner
   * it reads them anew.
   */
  protected final void write(
      List<RowChange> changes, S after, Runnable next, Consumer<Throwable> failed) {
    when(
        settings.store().writer().write(changes),
        written -> {
          state = after;
          loaded = true;
          creating = null;
          next.run();
        },
        failure -> {
          if (creating != null && Store.isDuplicate(failure)) {
            waiting.addFirst(creating);
            done();
            load();
            return;
          }
          failed.accept(failure);
          if (creating != null || failure instanceof StaleRow) {
            load();
          }
        });
  }

  /** Commands that are to be forgotten because their asker is gone. */
  protected final void forget(Predicate<C> which) {
    waiting.removeIf(ask -> which.test(ask.command()));
  }

  // ---- messages ----

  @SuppressWarnings("unchecked") // an owner is asked only through its own type of Ask
  private Behavior<Message> onAsk(Ask<?, ?> any) {
    var ask = (Ask<C, R>) any;
    if (stopping) {
      settings.passOn().accept(ask);
      return this;
    }
    if (loaded && answerAtOnce(ask.command(), ask.replyTo())) {
      return this;
    }
    if (waiting.size() >= settings.waitingMax()) {
      ask.replyTo().tell(unavailable("%d requests wait for it already".formatted(waiting.size())));
      return this;
    }
    if (begun) {
      waiting.add(ask);
      if (busy) {
        hurry();
      }
      next();
    } else {
      begin(ask);
    }
    return this;
  }

  private void begin(Ask<C, R> first) {
    begun = true;
    if (creates(first.command())) {
      creating = first;
      busy = true;
      perform(first.command(), first.replyTo());
    } else {
      waiting.add(first);
      load();
    }
  }

  private void load() {
    loaded = false;
    creating = null;
    getContext().pipeToSelf(read(), Loaded::new);
  }

  /** The command under way comes to its end first; its asker would otherwise have to ask again. */
  private Behavior<Message> onStop() {
    stopping = true;
    waiting.forEach(settings.passOn());
    waiting.clear();
    if (!busy) {
      return Behaviors.stopped();
    }
    hurry();
    return this;
  }

  private void next() {
    while (loaded && !busy && !waiting.isEmpty()) {
      var ask = waiting.poll();
      if (!answerAtOnce(ask.command(), ask.replyTo())) {
        busy = true;
        perform(ask.command(), ask.replyTo());
      }
    }
    if (loaded && !busy) {
      setAlarm();
    }
  }

  // ---- waking ----

  private void setAlarm() {
    var next = wakesAt();
    boolean same = Objects.equals(next, alarmAt);
    if (same && (next == null || alarm != null)) {
      return;
    }
    cancelAlarm();
    alarmAt = next;
    if (next != null) {
      var wait = Duration.between(now(), next);
      var least = same ? RETRY_AFTER : Duration.ZERO;
      alarm =
          getContext()
              .scheduleOnce(
                  shorter(longer(wait, least), SLEEP_MOST), getContext().getSelf(), Tick.DUE);
    }
  }

  private void cancelAlarm() {
    if (alarm != null) {
      alarm.cancel();
      alarm = null;
    }
  }

  private Behavior<Message> onDue() {
    cancelAlarm();
    return onAsk(wake());
  }

  @SuppressWarnings("unchecked") // read() says what it is
  private Behavior<Message> onLoaded(Loaded message) {
    if (message.failure() != null) {
      answerAll(Why.of(message.failure()));
      return Behaviors.stopped();
    }
    loaded = true;
    state = (S) message.state();
    next();
    return this;
  }

  private Behavior<Message> onStep(Step step) {
    step.next().run();
    if (stopping && !busy) {
      return Behaviors.stopped();
    }
    next();
    return this;
  }

  private Behavior<Message> onIdle() {
    boolean wakesSoon = alarmAt != null && alarmAt.isBefore(now().plus(STAYS_FOR));
    if (!busy && waiting.isEmpty() && !wakesSoon) {
      settings.passivate().accept(getContext().getSelf());
    }
    return this;
  }

  private Behavior<Message> onStopped() {
    cancelAlarm();
    leaving();
    waiting.forEach(settings.passOn());
    waiting.clear();
    if (busy) {
      abandoned();
    }
    return this;
  }

  private void answerAll(String why) {
    waiting.forEach(ask -> ask.replyTo().tell(unavailable(why)));
    waiting.clear();
  }
}
