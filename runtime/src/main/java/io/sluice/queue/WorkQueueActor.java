package io.sluice.queue;

import io.sluice.cluster.Asked;
import io.sluice.cluster.Why;
import io.sluice.queue.Sighting.Whereabouts;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.PostStop;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;

/**
 * The owner of one work queue's runs. Knows them from their rows when it starts and from themselves
 * afterwards; who may become PENDING learns here of which limits to take a slot.
 */
public final class WorkQueueActor extends AbstractBehavior<WorkQueueActor.Message> {

  public sealed interface Message {}

  /** Every command is answered exactly once. */
  public record Execute(WorkQueueCommand command, UUID request, ActorRef<WorkQueueReply> replyTo)
      implements Message, Asked {
    Execute(WorkQueueCommand command, ActorRef<WorkQueueReply> replyTo) {
      this(command, UUID.randomUUID(), replyTo);
    }
  }

  /** Sent by sharding when the owner is to leave memory or this node. */
  public enum Stop implements Message {
    STOP
  }

  private record Loaded(QueueRows.Snapshot snapshot, Throwable failure) implements Message {}

  private enum Look implements Message {
    AGAIN
  }

  private record Looked(List<Sighting> seen, Throwable failure) implements Message {}

  private record Settled(ActorRef<WorkQueueReply> replyTo, Throwable failure, boolean retired)
      implements Message {}

  /** The limit gave these runs slots, which may have left meanwhile. */
  private record Adopted(Set<UUID> occupants) implements Message {}

  /** A limit may not know that the run occupies the queue, or that it does no longer. */
  private record Unheard(UUID run, Throwable failure) implements Message {}

  /**
   * When the picture is compared with the rows: what runs say of themselves is lost with a node or
   * a connection, and a run that was admitted may never get to propose.
   *
   * @param every from one look to the next
   * @param admittedFor how long an admitted run is believed to be about to become PENDING; longer
   *     than any proposal is held
   */
  record LookAgain(Duration every, Duration admittedFor) {}

  /** That may wait until the rows are read; each takes some 200 bytes. */
  static final int WAITING_MAX = 10_000;

  /** Of more runs the next start tells the limits. */
  private static final int UNHEARD_MAX = 10_000;

  private final UUID id;
  private final QueueRows rows;
  private final QueueSlots slots;
  private final InstantSource clock;
  private final Consumer<UUID> tellPool;
  private final Consumer<Execute> passOn;
  private final List<Execute> waiting = new ArrayList<>();
  private final Offers offers = new Offers();
  private final Admissions admitted = new Admissions();
  private final Set<UUID> unheard = new HashSet<>();
  private final LookAgain lookAgain;
  private final QueueMeter meter;
  private QueuedRuns runs;
  private QueueTerms terms;
  private Arrivals arrivals = Arrivals.NONE;
  private boolean poolListens;

  private WorkQueueActor(
      UUID id,
      QueueRows rows,
      QueueSlots slots,
      InstantSource clock,
      Consumer<UUID> tellPool,
      Consumer<Execute> passOn,
      LookAgain lookAgain,
      QueueMeter meter,
      ActorContext<Message> context) {
    super(context);
    this.lookAgain = lookAgain;
    this.meter = meter;
    this.id = id;
    this.rows = rows;
    this.slots = slots;
    this.clock = clock;
    this.tellPool = tellPool;
    this.passOn = passOn;
    context.pipeToSelf(rows.load(id), Loaded::new);
  }

  /**
   * @param tellPool called with the pool's id when a run became due and the pool asked to be told
   * @param passOn hands what waited to the owner that comes after this one
   * @param meter of this owner alone
   */
  public static Behavior<Message> create(
      UUID id,
      QueueRows rows,
      QueueSlots slots,
      InstantSource clock,
      Consumer<UUID> tellPool,
      Consumer<Execute> passOn,
      LookAgain lookAgain,
      QueueMeter meter) {
    return Behaviors.setup(
        context ->
            Behaviors.withTimers(
                timers -> {
                  timers.startTimerWithFixedDelay(Look.AGAIN, lookAgain.every());
                  return new WorkQueueActor(
                      id, rows, slots, clock, tellPool, passOn, lookAgain, meter, context);
                }));
  }

  @Override
  public Receive<Message> createReceive() {
    return newReceiveBuilder()
        .onMessage(Loaded.class, this::onLoaded)
        .onMessage(Execute.class, this::onExecute)
        .onMessage(Settled.class, this::onSettled)
        .onMessage(Adopted.class, this::onAdopted)
        .onMessage(Unheard.class, this::onUnheard)
        .onMessage(Look.class, look -> onLook())
        .onMessage(Looked.class, this::onLooked)
        .onMessage(Stop.class, stop -> Behaviors.stopped())
        .onSignal(PostStop.class, stopped -> onStopped())
        .build();
  }

  private Behavior<Message> onLoaded(Loaded message) {
    if (message.failure() != null) {
      answerWaiting(new WorkQueueReply.Unavailable(Why.of(message.failure())));
      return Behaviors.stopped();
    }
    runs = message.snapshot().runs();
    terms = message.snapshot().terms();
    if (terms == null) {
      answerWaiting(new WorkQueueReply.NoSuchQueue());
      return Behaviors.stopped();
    }
    meter.known(terms.label(), runs);
    adopting(runs.occupying(), slots.restore(id, terms, runs.occupying(), clock.instant()));
    var asked = List.copyOf(waiting);
    waiting.clear();
    asked.forEach(this::perform);
    return this;
  }

  private Behavior<Message> onLook() {
    if (terms != null) {
      getContext().pipeToSelf(rows.look(id, runs.known()), Looked::new);
      var again = List.copyOf(unheard);
      unheard.clear();
      again.forEach(this::tellLimits);
    }
    return this;
  }

  /** Those that are in the midst of a proposal are left to it. */
  private Behavior<Message> onLooked(Looked looked) {
    if (looked.failure() != null) {
      getContext()
          .getLog()
          .debug("queue={} cannot be compared with its rows: {}", id, looked.failure().toString());
      return this;
    }
    var since = clock.instant().minus(lookAgain.admittedFor());
    var untold = admitted.end(since);
    for (var seen : looked.seen()) {
      if (!admitted.contains(seen.runId()) && runs.isNews(seen)) {
        getContext()
            .getLog()
            .info(
                "queue={} run={} is {} by its row, which the queue did not know",
                id,
                seen.runId(),
                seen.where());
        moved(seen);
      }
    }
    untold.stream().filter(runs::isOccupying).forEach(this::tellLimits);
    return this;
  }

  private void answerWaiting(WorkQueueReply reply) {
    waiting.forEach(ask -> ask.replyTo().tell(reply));
    waiting.clear();
  }

  private Behavior<Message> onExecute(Execute ask) {
    if (terms != null) {
      perform(ask);
    } else if (waiting.size() < WAITING_MAX) {
      waiting.add(ask);
    } else {
      ask.replyTo()
          .tell(
              new WorkQueueReply.Unavailable(
                  "%d requests wait for its start already".formatted(waiting.size())));
    }
    return this;
  }

  private void perform(Execute ask) {
    var command = ask.command();
    if (command instanceof WorkQueueCommand.Moved moved) {
      moved(moved.sighting());
      ask.replyTo().tell(new WorkQueueReply.Done());
    } else if (command instanceof WorkQueueCommand.Admit admit) {
      ask.replyTo().tell(admit(admit));
    } else if (command instanceof WorkQueueCommand.Peek peek) {
      ask.replyTo().tell(peek(peek));
    } else if (command instanceof WorkQueueCommand.Offered offered) {
      offers.note(offered);
      ask.replyTo().tell(new WorkQueueReply.Done());
    } else if (command instanceof WorkQueueCommand.Configure configure) {
      terms = configure.terms();
      meter.known(terms.label(), runs);
      admitted.limitsChanged();
      var settled = settled();
      var changed = slots.change(id, terms, settled, clock.instant());
      adopting(settled, changed);
      getContext()
          .pipeToSelf(changed, (done, failure) -> new Settled(ask.replyTo(), failure, false));
    } else if (command instanceof WorkQueueCommand.Retire) {
      var gone = slots.retire(id, terms, runs.occupying());
      getContext().pipeToSelf(gone, (done, failure) -> new Settled(ask.replyTo(), failure, true));
    } else {
      ask.replyTo()
          .tell(new WorkQueueReply.Occupants(runs.occupying(), settled(), runs.cancelling()));
    }
  }

  /** Those that occupy the queue and do not ask for their slots just now. */
  private Set<UUID> settled() {
    var settled = new HashSet<>(runs.occupying());
    settled.removeAll(admitted.runs());
    return settled;
  }

  private void adopting(Set<UUID> occupants, CompletableFuture<Void> slots) {
    getContext().pipeToSelf(slots, (done, failure) -> new Adopted(occupants));
  }

  /** Who left before its slot was given would hold it for ever. */
  private Behavior<Message> onAdopted(Adopted adopted) {
    adopted.occupants().stream().filter(run -> !runs.isOccupying(run)).forEach(this::tellLimits);
    return this;
  }

  private Behavior<Message> onSettled(Settled settled) {
    settled
        .replyTo()
        .tell(
            settled.failure() == null
                ? new WorkQueueReply.Done()
                : new WorkQueueReply.Unavailable(Why.of(settled.failure())));
    return settled.retired() ? Behaviors.stopped() : this;
  }

  private WorkQueueReply admit(WorkQueueCommand.Admit admit) {
    offers.end(admit.runId());
    unheard.remove(admit.runId());
    admitted.admit(admit.runId(), clock.instant());
    see(
        new Sighting(
            admit.runId(),
            admit.version(),
            Whereabouts.OCCUPYING,
            null,
            null,
            admit.deploymentId(),
            null));
    return new WorkQueueReply.Admitted(slots.limits(id, terms), terms.priority());
  }

  private void moved(Sighting seen) {
    boolean askedOthers = admitted.end(seen.runId());
    boolean occupied = runs.isOccupying(seen.runId());
    see(seen);
    boolean occupies = runs.isOccupying(seen.runId());
    if (occupied != occupies || occupies && askedOthers) {
      tellLimits(seen.runId());
    }
    if (seen.where() == Whereabouts.WAITING) {
      arrivals = arrivals.next(clock.instant());
      if (poolListens) {
        poolListens = false;
        tellPool.accept(terms.poolId());
      }
    } else {
      offers.end(seen.runId());
    }
  }

  private void tellLimits(UUID run) {
    var told =
        runs.isOccupying(run)
            ? slots.force(id, terms, run, clock.instant())
            : slots.release(id, terms, run);
    var self = getContext().getSelf();
    told.exceptionally(
        failure -> {
          self.tell(new Unheard(run, failure));
          return null;
        });
  }

  /** Told again at the next look; nobody else would, and the slot would be held by nobody. */
  private Behavior<Message> onUnheard(Unheard message) {
    if (unheard.size() < UNHEARD_MAX && !admitted.contains(message.run())) {
      unheard.add(message.run());
    }
    getContext()
        .getLog()
        .warn(
            "queue={} run={} its limits did not answer, {} runs are told again: {}",
            id,
            message.run(),
            unheard.size(),
            message.failure().toString());
    return this;
  }

  private void see(Sighting seen) {
    var waited = runs.find(seen.runId()).filter(Sighting::isWaiting);
    runs = runs.with(seen);
    var now = runs.find(seen.runId());
    if (waited.isPresent() && runs.isOccupying(seen.runId())) {
      meter.dispatched(Duration.between(waited.get().due(), clock.instant()));
    } else if (waited.isEmpty() && now.filter(Sighting::isWaiting).isPresent()) {
      meter.arrived();
    }
    meter.known(terms.label(), runs);
  }

  private WorkQueueReply.Due peek(WorkQueueCommand.Peek peek) {
    poolListens |= peek.listen();
    var now = clock.instant();
    offers.endBefore(now);
    var due =
        due(peek).stream()
            .map(
                run ->
                    new WorkQueueReply.DueRun(
                        run.runId(),
                        run.due(),
                        run.since(),
                        run.deploymentId(),
                        offers.worker(run.runId())))
            .toList();
    var next = peek.before() == null ? null : runs.nextDue(peek.before()).orElse(null);
    return new WorkQueueReply.Due(
        due, runs.occupying().size(), arrivals.last(), arrivals.longestGap(), next);
  }

  private List<Sighting> due(WorkQueueCommand.Peek peek) {
    var due = runs.due(peek.after(), peek.before(), peek.max());
    if (!peek.sentBack() || peek.before() == null) {
      return due;
    }
    var all = new ArrayList<>(due);
    all.addAll(runs.sentBack(peek.before(), peek.max()));
    return all;
  }

  private Behavior<Message> onStopped() {
    meter.left();
    waiting.forEach(passOn);
    waiting.clear();
    return this;
  }

  /** For how long a worker that was handed a run is given to propose it. */
  static final Duration HANDED_FOR = Duration.ofSeconds(5);
}
