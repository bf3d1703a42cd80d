package io.sluice.deployment;

import static io.sluice.rejection.Rejection.NotFound.What.DEPLOYMENT;
import static io.sluice.rejection.Rejection.NotFound.What.FLOW;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.typesafe.config.Config;
import io.sluice.cluster.Together;
import io.sluice.flow.Flow;
import io.sluice.flow.Flows;
import io.sluice.limit.Limits;
import io.sluice.owner.RowOwners;
import io.sluice.rejection.Refused;
import io.sluice.rejection.Rejection;
import io.sluice.run.Place;
import io.sluice.run.Surroundings.Terms;
import io.sluice.store.Store;
import io.sluice.store.StoreUnavailable;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.apache.pekko.actor.typed.ActorSystem;

/**
 * All deployments, wherever their owners are. Futures fail with {@link Refused} when a rule turns
 * the request down, and with {@link StoreUnavailable} when store or owner do not answer.
 */
public final class Deployments {
  /** All that is said of a deployment. */
  public record Edit(DeploymentSpec spec, List<Schedule> schedules, LimitWish limit) {}

  /** A deployment, and whether this request created it. */
  public record Created(Deployment deployment, boolean isNew) {}

  /** The clocks of two owners are not further apart. */
  private static final Duration CLOCKS_APART = Duration.ofMinutes(1);

  private final Store store;
  private final DeploymentTable table;
  private final DeploymentLimits ownLimits;
  private final Flows flows;
  private final RowOwners owners;
  private final Duration graceDefault;
  private final Config schedule;
  private final InstantSource clock;

  /**
   * @param watch told of each change once it is written
   * @param queuePolled when a worker last asked for the runs of a queue
   */
  public Deployments(
      ActorSystem<?> system,
      Store store,
      Limits limits,
      Flows flows,
      ScheduledRuns runs,
      DeploymentWatch watch,
      Function<Place, CompletableFuture<Optional<Instant>>> queuePolled,
      InstantSource clock) {
    this.store = store;
    this.table = new DeploymentTable(store);
    this.ownLimits = new DeploymentLimits(limits);
    this.flows = flows;
    this.graceDefault = system.settings().config().getDuration("sluice.deployment.grace-period");
    this.schedule = system.settings().config().getConfig("sluice.schedule");
    this.clock = clock;
    var shared =
        new DeploymentActor.Shared(store, table, clock, schedule, runs, watch, queuePolled);
    this.owners =
        new RowOwners(
            system,
            store,
            "deployment",
            (id, settings) -> DeploymentActor.create(id, shared, settings));
  }

  private CompletableFuture<DeploymentReply> ask(UUID id, DeploymentCommand command) {
    return owners
        .<DeploymentReply>ask(id, replyTo -> new DeploymentActor.Execute(command, replyTo))
        .thenApply(
            reply -> {
              if (reply instanceof DeploymentReply.Unavailable unavailable) {
                throw new StoreUnavailable(unavailable.why(), null);
              }
              return reply;
            });
  }

  private CompletableFuture<Deployment> change(UUID id, DeploymentCommand command) {
    return ask(id, command).thenApply(reply -> found(reply, id.toString()));
  }

  private static Deployment found(DeploymentReply reply, String name) {
    if (reply instanceof DeploymentReply.Found found) {
      return found.deployment();
    } else if (reply instanceof DeploymentReply.NameTaken) {
      throw new Refused(new Rejection.NameTaken(DEPLOYMENT, name));
    } else if (reply instanceof DeploymentReply.Changed) {
      throw new Refused(new Rejection.ChangedMeanwhile(DEPLOYMENT.words(), name));
    }
    throw new Refused(new Rejection.NotFound(DEPLOYMENT, name));
  }

  // ---- reading ----

  /** Refused if there is no such deployment. */
  public CompletableFuture<Deployment> get(UUID id) {
    return change(id, new DeploymentCommand.Get());
  }

  public CompletableFuture<Optional<Deployment>> find(UUID id) {
    return ask(id, new DeploymentCommand.Get())
        .thenApply(
            reply ->
                reply instanceof DeploymentReply.Found found
                    ? Optional.of(found.deployment())
                    : Optional.empty());
  }

  /** Refused if there is no such deployment. */
  public CompletableFuture<Deployment> get(String flowName, String name) {
    return flows
        .find(flowName)
        .thenCompose(
            flow ->
                flow.isEmpty()
                    ? CompletableFuture.completedFuture(Optional.<UUID>empty())
                    : store.read(sql -> table.idOf(sql, flow.get().id(), name)))
        .thenCompose(
            id ->
                id.map(this::get)
                    .orElseGet(
                        () ->
                            CompletableFuture.failedFuture(
                                new Refused(
                                    new Rejection.NotFound(DEPLOYMENT, flowName + "/" + name)))));
  }

  /** What the deployment asks of its runs; empty if there is none. */
  public CompletableFuture<Optional<Terms>> terms(UUID id) {
    return find(id)
        .thenApply(
            found ->
                found.map(
                    deployment ->
                        new Terms(deployment.limitId(), cancelNew(deployment), grace(deployment))));
  }

  private static boolean cancelNew(Deployment deployment) {
    var options = deployment.spec().concurrencyOptions();
    return options != null && options.strategy() == ConcurrencyOptions.Strategy.CANCEL_NEW;
  }

  private Duration grace(Deployment deployment) {
    var options = deployment.spec().concurrencyOptions();
    return options == null || options.gracePeriodSeconds() == null
        ? graceDefault
        : Duration.ofSeconds(options.gracePeriodSeconds());
  }

  // ---- changing ----

  /**
   * Creates the deployment {@code name} of a flow, or changes the one that exists.
   *
   * @param edit given the deployment if it exists, tells what is to be said of it; called again if
   *     somebody else changed it meanwhile
   * @return refused if there is no such flow
   */
  public CompletableFuture<Created> put(
      UUID flow, String name, Function<Optional<Deployment>, CompletableFuture<Edit>> edit) {
    return flows
        .find(flow)
        .thenApply(
            found ->
                found.orElseThrow(() -> new Refused(new Rejection.Dangling(FLOW, flow.toString()))))
        .thenCompose(
            found ->
                store
                    .read(sql -> table.idOf(sql, flow, name))
                    .thenCompose(known -> put(found, known.orElse(null), edit))
                    .exceptionallyCompose(
                        failure ->
                            isOvertaken(failure)
                                ? put(flow, name, edit)
                                : CompletableFuture.failedFuture(failure)));
  }

  private CompletableFuture<Created> put(
      Flow flow, UUID known, Function<Optional<Deployment>, CompletableFuture<Edit>> edit) {
    if (known != null) {
      return get(known)
          .thenCompose(
              before ->
                  edit.apply(Optional.of(before))
                      .thenCompose(after -> write(known, before, labelled(after, flow))))
          .thenApply(written -> new Created(written, false));
    }
    return edit.apply(Optional.empty())
        .thenCompose(after -> write(UUID.randomUUID(), null, labelled(after, flow)))
        .thenApply(written -> new Created(written, true));
  }

  /** Prefect 3.8.8, models/deployments.py with_system_labels_for_deployment. */
  private static Edit labelled(Edit edit, Flow flow) {
    var labels = JsonNodeFactory.instance.objectNode();
    if (flow.labels() instanceof ObjectNode given) {
      labels.setAll(given);
    }
    labels.put("prefect.flow.id", flow.id().toString());
    if (edit.spec().labels() instanceof ObjectNode given) {
      labels.setAll(given);
    }
    return new Edit(edit.spec().with(s -> s.labels = labels), edit.schedules(), edit.limit());
  }

  /**
   * Changes a deployment.
   *
   * @param edit what is to be said of it; called again if somebody else changed it meanwhile
   * @return refused if there is no such deployment
   */
  public CompletableFuture<Deployment> change(
      UUID id, Function<Deployment, CompletableFuture<Edit>> edit) {
    return get(id)
        .thenCompose(before -> edit.apply(before).thenCompose(after -> write(id, before, after)))
        .exceptionallyCompose(
            failure ->
                isOvertaken(failure) ? change(id, edit) : CompletableFuture.failedFuture(failure));
  }

  private static boolean isOvertaken(Throwable failure) {
    return Refused.isA(failure, Rejection.NameTaken.class)
        || Refused.isA(failure, Rejection.ChangedMeanwhile.class);
  }

  private CompletableFuture<Deployment> write(UUID id, Deployment before, Edit edit) {
    var had = before == null ? Deployment.LimitRef.NONE : before.limit();
    return ownLimits
        .fulfil(id, had, edit.limit())
        .thenCompose(limit -> write(id, before, edit, limit))
        .thenApply(
            after -> {
              if (before == null || !Objects.equals(before.spec().place(), after.spec().place())) {
                look(id);
              }
              return after;
            })
        .thenCompose(
            after ->
                (Objects.equals(had.id(), after.limitId())
                        ? CompletableFuture.<Void>completedFuture(null)
                        : ownLimits.drop(had))
                    .thenApply(dropped -> after));
  }

  /** Another deployment may have got the name first: then the limit is nobody's. */
  private CompletableFuture<Deployment> write(
      UUID id, Deployment before, Edit edit, Deployment.LimitRef limit) {
    var version = before == null ? null : before.version();
    var put =
        new DeploymentCommand.Put(
            version, edit.spec(), edit.schedules(), limit.id(), limit.owned());
    return change(id, put)
        .exceptionallyCompose(
            failure ->
                (before == null && Refused.isA(failure, Rejection.NameTaken.class)
                        ? ownLimits.drop(limit)
                        : CompletableFuture.<Void>completedFuture(null))
                    .thenCompose(dropped -> CompletableFuture.failedFuture(failure)));
  }

  /** How far ahead runs are scheduled if nobody says otherwise. */
  public ScheduleWindow window() {
    return ScheduleWindow.at(clock.instant(), schedule);
  }

  /** Schedules the runs of {@code window}; refused if there is no such deployment. */
  public CompletableFuture<Void> schedule(UUID id, ScheduleWindow window) {
    return change(id, new DeploymentCommand.ScheduleAhead(window)).thenApply(done -> null);
  }

  /** Has the deployment do what is due; nothing if nothing is or it is gone. */
  public CompletableFuture<Void> wake(UUID id) {
    return ask(id, new DeploymentCommand.Wake()).thenApply(done -> null);
  }

  /** Says of the deployments whose runs wait in {@code queue} whether they are ready now. */
  public CompletableFuture<Void> lookAgain(UUID queue) {
    return lookAgain(List.of(queue), Instant.EPOCH);
  }

  /**
   * The same of those only that may have come to {@code queues} since these were asked for runs at
   * {@code polled}: the others were ready by then.
   */
  public CompletableFuture<Void> lookAgain(Collection<UUID> queues, Instant polled) {
    return store
        .read(sql -> table.ofQueues(sql, queues, polled.minus(CLOCKS_APART)))
        .thenCompose(ids -> Together.done(ids.stream().map(this::look).toList()));
  }

  private CompletableFuture<Void> look(UUID id) {
    return ask(id, new DeploymentCommand.Look()).handle((done, unheard) -> null);
  }

  /** Notes that a runner asked for the deployment's runs. */
  public void polled(UUID id) {
    ask(id, new DeploymentCommand.Polled()).exceptionally(unheard -> null);
  }

  /** Deletes the deployment, and the limit that was made for it. Its runs stay. */
  public CompletableFuture<Void> delete(UUID id) {
    return change(id, new DeploymentCommand.Delete())
        .thenCompose(deleted -> ownLimits.drop(deleted.limit()));
  }
}
