package io.sluice.explain;

import io.sluice.explain.Explanation.Kind;
import io.sluice.explain.Explanation.Link;
import io.sluice.explain.Explanation.NextEvent;
import io.sluice.explain.Explanation.Status;
import io.sluice.explain.Explanation.Verdict;
import io.sluice.limit.LimitReply.View;
import io.sluice.pool.WorkPool;
import io.sluice.queue.WorkQueue;
import io.sluice.run.FlowRun;
import io.sluice.run.StateNames;
import io.sluice.run.StateType;
import io.sluice.worker.Worker;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;

/**
 * The rules of why a run waits. Pure; the same facts give the same words.
 *
 * <p>Only a SCHEDULED run can be blocked by pool, queue, schedule and deployment: a run that is
 * PENDING or RUNNING has passed them and can only wait for limits it asks for itself.
 */
final class Explainer {
  private final Facts facts;
  private final FlowRun run;
  private final boolean waits;

  private Explainer(Facts facts) {
    this.facts = facts;
    this.run = facts.run();
    this.waits = run.stateType() == StateType.SCHEDULED;
  }

  static Explanation explain(Facts facts) {
    return new Explainer(facts).explain();
  }

  private Explanation explain() {
    boolean finished = run.stateType().isTerminal();
    var chain = finished ? List.<Link>of() : chain();
    var blocking = Explanation.firstBlocking(chain);
    var status =
        finished
            ? Status.FINISHED
            : blocking.isPresent() ? Status.WAITING : waits ? Status.READY : Status.ACTIVE;
    return new Explanation(
        run.id(),
        run.spec().name(),
        run.stateType(),
        run.state().name(),
        run.state().timestamp(),
        status,
        blocking.map(Link::message).orElseGet(() -> unblocked(status)),
        blocking.orElse(null),
        chain,
        blocking.map(Link::next).orElse(null),
        facts.limitsNotSeen());
  }

  private String unblocked(Status status) {
    return switch (status) {
      case READY -> "Nothing blocks the run: the next poll of a worker takes it.";
      case FINISHED -> "The run has ended: %s.".formatted(run.state().name());
      default -> "Nothing blocks the run: it is %s.".formatted(run.state().name());
    };
  }

  private List<Link> chain() {
    var chain = new ArrayList<Link>();
    if (run.spec().place() != null) {
      chain.add(pool());
      chain.add(queue());
    }
    chain.add(itself());
    if (run.spec().deploymentId() != null) {
      chain.add(deployment());
    }
    facts.limits().forEach(limit -> chain.add(limit(limit)));
    return chain;
  }

  // ---- work pool ----

  private Link pool() {
    var id = run.spec().place().poolId();
    var name = run.spec().place().poolName();
    if (facts.pool() == null) {
      return blocks(
          Kind.WORK_POOL,
          id,
          name,
          "Work pool %s is gone, so no worker is given the run.".formatted(name),
          "Somebody deletes the run, or runs the deployment again on another work pool.");
    }
    var now = facts.now();
    if (waits && facts.pool().pool().paused()) {
      return blocks(
          Kind.WORK_POOL,
          id,
          name,
          "Work pool %s is paused.".formatted(name),
          "Somebody resumes it: prefect work-pool resume %s".formatted(name));
    } else if (waits && facts.pool().status(now) == WorkPool.Status.NOT_READY) {
      return blocks(
          Kind.WORK_POOL,
          id,
          name,
          "No worker of work pool %s is online; %s.".formatted(name, lastHeard()),
          "Somebody starts a worker: prefect worker start --pool %s".formatted(name));
    }
    return slots(Kind.WORK_POOL, id, name, facts.poolLimit());
  }

  private String lastHeard() {
    return facts.pool().workers().values().stream()
        .max(Comparator.comparing(Worker::lastHeartbeat))
        .map(
            worker ->
                "the last one, %s, was heard %s ago"
                    .formatted(worker.name(), since(worker.lastHeartbeat())))
        .orElse("none was ever heard");
  }

  private String since(Instant then) {
    return inWords(Duration.between(then, facts.now()));
  }

  private static String inWords(Duration time) {
    long seconds = Math.max(0, time.toSeconds());
    return seconds < 120 ? seconds + " s" : seconds / 60 + " min";
  }

  // ---- work queue ----

  private Link queue() {
    var id = run.spec().place().queueId();
    var name = run.spec().place().queueName();
    var queue = facts.pool() == null ? null : facts.pool().queue(id).orElse(null);
    if (queue == null) {
      return blocks(
          Kind.WORK_QUEUE,
          id,
          name,
          "Work queue %s is gone, so no worker is given the run.".formatted(name),
          "Somebody deletes the run, or runs the deployment again on another work queue.");
    } else if (waits && queue.paused()) {
      return blocks(
          Kind.WORK_QUEUE,
          id,
          name,
          "Work queue %s is paused.".formatted(name),
          "Somebody resumes it: prefect work-queue resume %s --pool %s"
              .formatted(name, run.spec().place().poolName()));
    } else if (waits && queue.status(facts.now()) == WorkQueue.Status.NOT_READY) {
      return blocks(
          Kind.WORK_QUEUE,
          id,
          name,
          "No worker asked for runs of work queue %s %s."
              .formatted(
                  name, queue.lastPolled() == null ? "so far" : "for " + since(queue.lastPolled())),
          "A worker polls it: prefect worker start --pool %s --work-queue %s"
              .formatted(run.spec().place().poolName(), name));
    }
    var link = slots(Kind.WORK_QUEUE, id, name, facts.queueLimit());
    return waits && link.verdict() == Verdict.OPEN ? withRunsBefore(link) : link;
  }

  private Link withRunsBefore(Link link) {
    int before = facts.dueBefore();
    return new Link(
        link.kind(),
        link.id(),
        link.name(),
        link.verdict(),
        link.message()
            + (before == 1
                ? " 1 run is due before it."
                : " %d runs are due before it.".formatted(before)),
        link.slots(),
        null);
  }

  // ---- the run ----

  private Link itself() {
    var due = run.progress().nextScheduledStart();
    boolean sentBack = run.state().name().equals(StateNames.AWAITING_CONCURRENCY_SLOT);
    var name = run.spec().name();
    if (run.stateType() == StateType.PAUSED) {
      return new Link(
          Kind.FLOW_RUN,
          run.id(),
          name,
          Verdict.BLOCKS,
          "The run is paused.",
          null,
          new NextEvent(
              "Somebody resumes it, or the pause times out.",
              run.state().details().pauseTimeout()));
    } else if (waits && !sentBack && due != null && due.isAfter(facts.now())) {
      return new Link(
          Kind.FLOW_RUN,
          run.id(),
          name,
          Verdict.BLOCKS,
          "The run is due in %s."
              .formatted(inWords(Duration.between(facts.now(), due).plusMillis(999))),
          null,
          new NextEvent("The run becomes due.", due));
    }
    return open(Kind.FLOW_RUN, run.id(), name, waits ? "The run is due." : "The run has begun.");
  }

  // ---- deployment and limits ----

  private Link deployment() {
    var id = run.spec().deploymentId();
    var found = facts.deployment();
    if (found == null) {
      return waits
          ? blocks(
              Kind.DEPLOYMENT,
              id,
              null,
              "Deployment %s is gone.".formatted(id),
              "Nothing: the run is refused when a worker takes it. Delete it.")
          : open(Kind.DEPLOYMENT, id, null, "The deployment is gone.");
    }
    return slots(Kind.DEPLOYMENT, id, found.spec().name(), facts.deploymentLimit());
  }

  private Link limit(View limit) {
    var link = new SlotLink(facts, limit);
    var name = limit.settings().name();
    if (link.isHeld() || !link.isAwaited()) {
      return new Link(
          Kind.LIMIT,
          limit.id(),
          name,
          link.isHeld() ? Verdict.HELD : Verdict.OPEN,
          link.isHeld() ? "The run holds a slot of %s.".formatted(name) : "There is room.",
          link.shown(),
          null);
    }
    return new Link(
        Kind.LIMIT, limit.id(), name, Verdict.BLOCKS, link.line(), link.shown(), link.next());
  }

  private Link slots(Kind kind, UUID id, String name, View limit) {
    if (limit == null) {
      return open(kind, id, name, "No concurrency limit.");
    }
    var link = new SlotLink(facts, limit);
    if (waits && link.isFull()) {
      return new Link(kind, id, name, Verdict.BLOCKS, link.line(), link.shown(), link.next());
    }
    return new Link(
        kind,
        id,
        name,
        link.isHeld() ? Verdict.HELD : Verdict.OPEN,
        link.isHeld()
            ? "The run holds a slot."
            : "%d of %d slots are held.".formatted(limit.activeSlots(), limit.settings().slots()),
        link.shown(),
        null);
  }

  private static Link open(Kind kind, UUID id, String name, String message) {
    return new Link(kind, id, name, Verdict.OPEN, message, null, null);
  }

  private static Link blocks(Kind kind, UUID id, String name, String message, String next) {
    return new Link(kind, id, name, Verdict.BLOCKS, message, null, new NextEvent(next, null));
  }
}
