package io.sluice.pool;

import static io.sluice.rejection.Rejection.NotFound.What.WORKER;
import static io.sluice.rejection.Rejection.NotFound.What.WORK_POOL;
import static io.sluice.rejection.Rejection.NotFound.What.WORK_QUEUE;

import io.sluice.cluster.Together;
import io.sluice.owner.RowOwners;
import io.sluice.queue.WorkQueue;
import io.sluice.queue.WorkQueueTable;
import io.sluice.queue.WorkQueues;
import io.sluice.rejection.Refused;
import io.sluice.rejection.Rejection;
import io.sluice.store.Store;
import io.sluice.store.StoreUnavailable;
import io.sluice.worker.WorkerTable;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.apache.pekko.actor.typed.ActorSystem;

/**
 * All work pools with their queues and workers. Futures fail with {@link Refused} when a rule turns
 * the request down, and with {@link StoreUnavailable} when store or owner do not answer.
 */
public final class WorkPools {
  /**
   * The pool of queues that were made without naming one (Prefect 3.8.8, models/work_queues.py).
   */
  public static final String DEFAULT_AGENT_POOL = "default-agent-pool";

  private static final int REMEMBERED_MAX = 10_000;

  private final RowOwners owners;
  private final Store store;
  private final WorkQueues queues;
  private final PoolNews news;
  private final Map<String, UUID> remembered = new ConcurrentHashMap<>();

  /**
   * @param watch told of each change once it is written
   */
  public WorkPools(
      ActorSystem<?> system, Store store, WorkQueues queues, PoolWatch watch, InstantSource clock) {
    this.store = store;
    this.queues = queues;
    this.news = new PoolNews(system);
    var shared =
        new WorkPoolActor.Shared(
            store,
            new WorkPoolTable(store),
            new WorkQueueTable(store),
            new WorkerTable(store),
            queues,
            news,
            watch,
            clock,
            system.settings().config().getInt("sluice.pool.parked-max"));
    this.owners =
        new RowOwners(
            system,
            store,
            "work-pool",
            (id, settings) -> WorkPoolActor.create(id, shared, settings));
  }

  private CompletableFuture<WorkPoolReply> ask(UUID pool, WorkPoolCommand command) {
    return ask(pool, command, Duration.ZERO);
  }

  private CompletableFuture<WorkPoolReply> ask(
      UUID pool, WorkPoolCommand command, Duration patience) {
    return owners.ask(pool, replyTo -> new WorkPoolActor.Execute(command, replyTo), patience);
  }

  private CompletableFuture<WorkPoolReply> change(UUID pool, String name, WorkPoolCommand command) {
    return ask(pool, command).thenApply(reply -> accepted(reply, pool, name));
  }

  private static WorkPoolReply accepted(WorkPoolReply reply, UUID pool, String name) {
    if (reply instanceof WorkPoolReply.Unavailable unavailable) {
      throw new StoreUnavailable(unavailable.why(), null);
    } else if (reply instanceof WorkPoolReply.NoSuchPool) {
      throw notFound(WORK_POOL, pool.toString());
    } else if (reply instanceof WorkPoolReply.NoSuchQueue) {
      throw notFound(WORK_QUEUE, name);
    } else if (reply instanceof WorkPoolReply.NoSuchWorker) {
      throw notFound(WORKER, name);
    } else if (reply instanceof WorkPoolReply.DefaultQueue) {
      throw new Refused(new Rejection.DefaultQueueStays(pool.toString()));
    }
    return reply;
  }

  private static Refused notFound(Rejection.NotFound.What what, String name) {
    return new Refused(new Rejection.NotFound(what, name));
  }

  // ---- pools ----

  /** Creates a pool; refused if the name exists. */
  public CompletableFuture<PoolState> create(WorkPoolCommand.Create create) {
    var id = UUID.randomUUID();
    return change(id, create.name(), create)
        .thenApply(
            reply -> {
              if (reply instanceof WorkPoolReply.Found found) {
                return found.state();
              }
              throw new Refused(new Rejection.NameTaken(WORK_POOL, create.name()));
            });
  }

  public CompletableFuture<PoolState> get(UUID id) {
    return change(id, "", new WorkPoolCommand.Get())
        .thenApply(reply -> ((WorkPoolReply.Found) reply).state());
  }

  public CompletableFuture<Optional<PoolState>> find(UUID id) {
    return ask(id, new WorkPoolCommand.Get())
        .thenApply(
            reply ->
                reply instanceof WorkPoolReply.NoSuchPool
                    ? Optional.empty()
                    : Optional.of(((WorkPoolReply.Found) accepted(reply, id, "")).state()));
  }

  /** The pool of queues that name none, made if it is missing. */
  public CompletableFuture<PoolState> agentPool() {
    var create =
        new WorkPoolCommand.Create(
            DEFAULT_AGENT_POOL, null, WorkPool.AGENT, null, false, null, null);
    return get(DEFAULT_AGENT_POOL)
        .exceptionallyCompose(
            Refused.orElse(
                Rejection.NotFound.class,
                () ->
                    create(create)
                        .exceptionallyCompose(
                            Refused.orElse(
                                Rejection.NameTaken.class, () -> get(DEFAULT_AGENT_POOL)))));
  }

  /** Has the pool look whether its workers and polls are still heard; nothing if it is gone. */
  public CompletableFuture<Void> wake(UUID id) {
    return ask(id, new WorkPoolCommand.Wake()).thenApply(done -> null);
  }

  /** Refused if there is no pool of that name. */
  public CompletableFuture<PoolState> get(String name) {
    return idOf(name)
        .thenCompose(
            id ->
                get(id)
                    .exceptionallyCompose(
                        Refused.orElse(
                            Rejection.NotFound.class,
                            () -> {
                              remembered.remove(name);
                              return idOf(name).thenCompose(this::get);
                            })));
  }

  /**
   * Does something with the pool of that name; refused if there is none. If the one that is
   * remembered was deleted, by way of another node perhaps, with the one that has its name now.
   */
  public <T> CompletableFuture<T> at(String name, Function<UUID, CompletableFuture<T>> use) {
    var known = remembered.get(name);
    return idOf(name)
        .thenCompose(use)
        .exceptionallyCompose(
            failure -> {
              if (known == null || !Refused.isA(failure, Rejection.NotFound.class)) {
                return CompletableFuture.failedFuture(failure);
              }
              remembered.remove(name, known);
              return idOf(name)
                  .thenCompose(
                      id ->
                          id.equals(known)
                              ? CompletableFuture.failedFuture(failure)
                              : use.apply(id));
            });
  }

  private CompletableFuture<UUID> idOf(String name) {
    var known = remembered.get(name);
    if (known != null) {
      return CompletableFuture.completedFuture(known);
    }
    return store
        .read(
            sql ->
                sql.select(WorkPoolTable.ID)
                    .from(WorkPoolTable.POOL)
                    .where(WorkPoolTable.NAME.eq(name))
                    .fetchOptional(WorkPoolTable.ID))
        .thenApply(
            id -> {
              if (remembered.size() >= REMEMBERED_MAX) {
                remembered.clear();
              }
              id.ifPresent(found -> remembered.put(name, found));
              return id.orElseThrow(() -> notFound(WORK_POOL, name));
            });
  }

  public CompletableFuture<Void> change(UUID pool, WorkPoolCommand.Change change) {
    return change(pool, "", change).thenApply(reply -> null);
  }

  public CompletableFuture<Void> delete(PoolState state) {
    return change(state.pool().id(), "", new WorkPoolCommand.Delete())
        .thenAccept(reply -> remembered.remove(state.pool().name()));
  }

  /** How many runs take a slot of the pool, over all its queues. */
  public CompletableFuture<Integer> activeSlots(PoolState state) {
    return Together.all(state.queues().stream().map(queue -> queues.occupants(queue.id())).toList())
        .thenApply(occupants -> occupants.stream().mapToInt(queue -> queue.runIds().size()).sum());
  }

  // ---- queues ----

  /** Adds a queue; refused if the pool has one of that name. */
  public CompletableFuture<WorkQueue> createQueue(UUID pool, WorkPoolCommand.CreateQueue create) {
    return change(pool, create.name(), create).thenApply(reply -> queue(reply, create.name()));
  }

  private static WorkQueue queue(WorkPoolReply reply, String name) {
    if (reply instanceof WorkPoolReply.FoundQueue found) {
      return found.queue();
    }
    throw new Refused(new Rejection.NameTaken(WORK_QUEUE, name));
  }

  public CompletableFuture<WorkQueue> changeQueue(UUID pool, WorkPoolCommand.ChangeQueue change) {
    return change(pool, change.queue().toString(), change)
        .thenApply(reply -> queue(reply, change.name()));
  }

  public CompletableFuture<Void> deleteQueue(UUID pool, UUID queue) {
    return change(pool, queue.toString(), new WorkPoolCommand.DeleteQueue(queue))
        .thenApply(reply -> null);
  }

  /** The queue of that name, made if it is missing. */
  public CompletableFuture<WorkQueue> queueOrNew(PoolState state, String name) {
    var known = state.queue(name);
    if (known.isPresent()) {
      return CompletableFuture.completedFuture(known.get());
    }
    var create = new WorkPoolCommand.CreateQueue(name, "", false, null, null, null);
    return createQueue(state.pool().id(), create)
        .exceptionallyCompose(
            Refused.orElse(
                Rejection.NameTaken.class,
                () ->
                    get(state.pool().id())
                        .thenApply(
                            now -> now.queue(name).orElseThrow(() -> notFound(WORK_QUEUE, name)))));
  }

  /** The pool of the queue {@code id}; refused if there is no such queue. */
  public CompletableFuture<PoolState> ofQueue(UUID id) {
    return store
        .read(
            sql ->
                sql.select(WorkQueueTable.POOL_ID)
                    .from(WorkQueueTable.QUEUE)
                    .where(WorkQueueTable.ID.eq(id))
                    .fetchOptional(WorkQueueTable.POOL_ID))
        .thenCompose(
            pool ->
                pool.map(this::get)
                    .orElseGet(
                        () -> CompletableFuture.failedFuture(notFound(WORK_QUEUE, id.toString()))))
        .thenApply(
            state -> {
              if (state.queue(id).isEmpty()) {
                throw notFound(WORK_QUEUE, id.toString());
              }
              return state;
            });
  }

  // ---- workers ----

  /**
   * A worker was heard; it is a new one if its name is.
   *
   * @return the version of the pool
   */
  public CompletableFuture<Long> heartbeat(UUID pool, String worker, Integer intervalSeconds) {
    return change(pool, worker, new WorkPoolCommand.Heartbeat(worker, intervalSeconds))
        .thenApply(reply -> ((WorkPoolReply.Heard) reply).poolVersion());
  }

  /** Who listens to changes that workers must know. */
  public PoolNews news() {
    return news;
  }

  public CompletableFuture<Void> deleteWorker(UUID pool, String worker) {
    return change(pool, worker, new WorkPoolCommand.DeleteWorker(worker)).thenApply(reply -> null);
  }

  // ---- due runs ----

  /** Notes that a worker asked for runs of these queues. */
  public CompletableFuture<Void> polled(UUID pool, List<UUID> polled) {
    return change(pool, "", new WorkPoolCommand.Polled(polled)).thenApply(reply -> null);
  }

  /** Done when a run became due in the pool, or at {@code until}. */
  CompletableFuture<Void> awaitDue(UUID pool, Instant until, Duration atMost) {
    return ask(pool, new WorkPoolCommand.AwaitDue(until), atMost).thenApply(reply -> null);
  }

  /** Tells the pool that a run became due in one of its queues. */
  public void runsDue(UUID pool) {
    ask(pool, new WorkPoolCommand.RunsDue());
  }

  /** Where a run that names a pool, and perhaps a queue, waits. */
  public CompletableFuture<Optional<io.sluice.run.Place>> place(String poolName, String queueName) {
    if (poolName == null) {
      return CompletableFuture.completedFuture(Optional.empty());
    }
    return get(poolName)
        .thenApply(
            state ->
                queueName == null
                    ? state.queue(state.pool().defaultQueueId()).orElseThrow()
                    : state
                        .queue(queueName)
                        .orElseThrow(() -> notFound(WORK_QUEUE, poolName + "/" + queueName)))
        .thenApply(
            queue ->
                Optional.of(
                    new io.sluice.run.Place(queue.id(), queue.name(), queue.poolId(), poolName)));
  }
}
