package io.sluice.load;

import io.sluice.load.ApiClient.Ask;
import io.sluice.load.ApiClient.Surroundings;
import io.sluice.load.history.Op;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;

/** Plays a burst once: sets the stage, creates the runs, lets the workers run them. */
final class Burst implements AutoCloseable {
  private static final Duration LOOK_EVERY = Duration.ofSeconds(1);
  private static final int WARM_UP_ROUNDS = 30;
  private static final int THREADS = Math.max(2, Runtime.getRuntime().availableProcessors());

  private final BurstPlan plan;
  private final InstantSource clock = InstantSource.system();
  private final Jitter jitter = new Jitter(() -> ThreadLocalRandom.current().nextDouble());
  private final ExecutorService executor =
      Executors.newFixedThreadPool(
          THREADS,
          task -> {
            var thread = new Thread(task, "client");
            thread.setDaemon(true);
            return thread;
          });
  private final Timers timers = new Timers(executor);
  private final Progress progress;
  private final AtomicBoolean over = new AtomicBoolean();
  private final Surroundings surroundings;
  private final Inspector inspector;

  Burst(BurstPlan plan, Recorder recorder, Progress progress) {
    this.plan = plan;
    this.progress = progress;
    surroundings =
        new Surroundings(
            plan.nodes(), recorder, timers, executor, new RetryRule(jitter, clock, retriesMax()));
    inspector = new Inspector(new ApiClient(surroundings, "inspector", null, 1), timers);
  }

  /**
   * Returns when all runs have ended or the time is up.
   *
   * @return the stage, for a look at what is left on it
   * @throws Failure if the stage cannot be set
   */
  Stage play() {
    var submitterClient = new ApiClient(surroundings, "submitter", null, Submitter.CONNECTIONS);
    var stage = Stage.set(submitterClient, plan);
    warmUp(submitterClient, stage);
    for (int number = 1; number <= plan.workers(); number++) {
      worker("worker-" + number, stage).start();
    }
    new Submitter(submitterClient, plan, stage, clock, progress::created)
        .submit()
        .thenRun(progress::submitted);
    if (plan.collision() == BurstPlan.Collision.CANCEL_NEW) {
      watchForEnd(stage);
    }
    awaitEnd();
    over.set(true);
    return stage;
  }

  /** This program's first requests are slow by its own fault: they are made before the clock. */
  private static void warmUp(ApiClient client, Stage stage) {
    var pool = Ask.get(Op.SETUP, null, "/work_pools/" + stage.pool());
    for (int round = 0; round < WARM_UP_ROUNDS; round++) {
      var lanes = new CompletableFuture<?>[Submitter.CONNECTIONS];
      Arrays.setAll(lanes, lane -> client.send(pool));
      CompletableFuture.allOf(lanes).handle((done, failure) -> null).join();
    }
  }

  private int retriesMax() {
    return plan.stubborn() ? Integer.MAX_VALUE : RetryRule.RETRIES_OF_PREFECT;
  }

  private Worker worker(String name, Stage stage) {
    var worker = new ApiClient(surroundings, name, name, Worker.CONNECTIONS);
    var engine = new ApiClient(surroundings, name, name, Engine.CONNECTIONS);
    return new Worker(
        name,
        worker,
        new Engine(engine, timers, plan, new EngineReads(engine, stage, clock, plan.full())),
        new Worker.Surroundings(plan, stage, timers, jitter, clock, progress::finished, over::get));
  }

  /** A late run that may not wait is cancelled by the server, out of the workers' sight. */
  private void watchForEnd(Stage stage) {
    inspector
        .ended(stage)
        .thenAccept(progress::ended)
        .handle((done, failure) -> null)
        .thenCompose(next -> timers.after(LOOK_EVERY))
        .thenRun(
            () -> {
              if (!over.get()) {
                watchForEnd(stage);
              }
            });
  }

  private void awaitEnd() {
    try {
      progress.done().get(plan.timeout().toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException timeIsUp) {
      // The report says what is missing.
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  Inspector inspector() {
    return inspector;
  }

  Timers timers() {
    return timers;
  }

  @Override
  public void close() {
    over.set(true);
    timers.close();
    executor.shutdownNow();
  }
}
