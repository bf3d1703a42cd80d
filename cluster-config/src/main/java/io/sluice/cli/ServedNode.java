package io.sluice.cli;

import com.typesafe.config.ConfigException;
import io.micrometer.core.instrument.MeterRegistry;
import io.sluice.http.Exposition;
import io.sluice.http.Server;
import io.sluice.node.SluiceNode;
import io.sluice.node.SluiceVersion;
import io.sluice.prefect.PrefectApi;
import io.sluice.store.DataDir;
import io.sluice.store.DataDirUnusable;
import io.sluice.store.StoreUnavailable;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.pekko.http.javadsl.ServerBinding;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A node, the directory of its data, and the address it is served at. */
final class ServedNode {
  private static final Logger LOG = LoggerFactory.getLogger(ServedNode.class);

  private static final long LOOK_AGAIN_MILLIS = 50;

  private final NodeSettings settings;
  private final Optional<DataDir> data;
  private final SluiceNode node;
  private final Optional<Exposition> metrics;
  private final Server server;
  private final ServerBinding http;
  private boolean stopped;

  private ServedNode(
      NodeSettings settings,
      Optional<DataDir> data,
      SluiceNode node,
      Optional<Exposition> metrics,
      Server server,
      ServerBinding http) {
    this.settings = settings;
    this.data = data;
    this.node = node;
    this.metrics = metrics;
    this.server = server;
    this.http = http;
  }

  /**
   * Starts a node and returns when its API answers.
   *
   * @throws Failure if the data directory or the store cannot be opened, the address is taken, or
   *     no answer comes; then nothing stays behind but a data directory
   */
  static ServedNode start(NodeSettings settings, InstantSource clock) {
    var tls = settings.tls(clock.instant());
    var data = settings.databaseInDataDir().map(file -> openData(file, clock));
    try {
      settings.address().check();
      if (settings.isClustered()) {
        Joining.check(settings.config());
      }
      var metrics = Exposition.of(settings.config());
      boolean used = data.map(DataDir::wasUsed).orElse(false);
      var node = startNode(settings, used, clock, metrics.map(Exposition::registry));
      try {
        var server = PrefectApi.server(node, metrics);
        var http = bind(server, settings, tls);
        var served = new ServedNode(settings, data, node, metrics, server, http);
        served.awaitAnswer(tls);
        data.ifPresent(DataDir::markUsed);
        served.warnIfOpen();
        return served;
      } catch (RuntimeException failed) {
        node.stop(settings.stopWithin());
        metrics.ifPresent(Exposition::close);
        throw failed instanceof ConfigException wrong ? NodeSettings.unusable(wrong) : failed;
      }
    } catch (RuntimeException failed) {
      data.ifPresent(DataDir::close);
      throw failed;
    }
  }

  private static DataDir openData(Path database, InstantSource clock) {
    try {
      return DataDir.open(database, SluiceVersion.current(), clock.instant());
    } catch (DataDirUnusable unusable) {
      var next = unusable.next() + " The option --data-dir names it.";
      throw new Failure(unusable.getMessage(), next, unusable);
    }
  }

  private static SluiceNode startNode(
      NodeSettings settings, boolean used, InstantSource clock, Optional<MeterRegistry> registry) {
    try {
      if (settings.isClustered()) {
        return SluiceNode.start(settings.config(), clock, registry, Joining::join);
      }
      var config = used ? settings.notNew() : settings.config();
      return SluiceNode.startAlone(config, clock, registry);
    } catch (StoreUnavailable unavailable) {
      throw StoreFailure.of(unavailable, settings);
    } catch (ConfigException wrong) {
      throw NodeSettings.unusable(wrong);
    }
  }

  private static ServerBinding bind(Server server, NodeSettings settings, Optional<Tls> tls) {
    var address = settings.address();
    try {
      return server
          .bind(address.host(), address.port(), tls.map(Tls::context))
          .toCompletableFuture()
          .get(settings.answerWithin().toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException failed) {
      throw address.unusable(failed.getCause());
    } catch (TimeoutException late) {
      throw address.unusable(late);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw address.unusable(interrupted);
    }
  }

  private void awaitAnswer(Optional<Tls> tls) {
    var within = settings.answerWithin();
    var ended = ended().toCompletableFuture();
    var ready = whyNotReady(System.nanoTime() + within.toNanos());
    CompletableFuture.anyOf(ready, ended).join();
    if (ended.isDone()) {
      throw new Failure(
          "The node ended while it started: the others did not hear of it for seconds and put it out"
              + " of the cluster, or it could not join them.",
          "Start it again. If that does not help look at its log and theirs.");
    }
    var why = ready.join();
    if (why.isPresent()) {
      throw new Failure(
          "The node was not ready within %d s: %s.".formatted(within.toSeconds(), why.get()),
          settings.isClustered()
              ? Joining.next(settings.config())
              : "Look at its log; --debug says more.");
    }
    if (!new Probe(address().api(), tls).ready(within)) {
      throw new Failure(
          "The node listens at %s but did not answer within %d s."
              .formatted(address().api(), within.toSeconds()),
          "Look at its log; --debug says more.");
    }
  }

  private void warnIfOpen() {
    if (!settings.address().isLocal() && PrefectApi.isOpenToAll(settings.config())) {
      LOG.warn(
          "Everybody who can reach {} may do everything: set PREFECT_SERVER_API_AUTH_STRING here and"
              + " PREFECT_API_AUTH_STRING at the clients, or use --host 127.0.0.1",
          address().api());
    }
  }

  private CompletableFuture<Optional<String>> whyNotReady(long untilNanos) {
    return node.readiness()
        .whyNot()
        .thenCompose(
            why -> {
              if (why.isEmpty() || System.nanoTime() - untilNanos > 0) {
                return CompletableFuture.completedFuture(why);
              }
              var later =
                  CompletableFuture.delayedExecutor(
                      LOOK_AGAIN_MILLIS, TimeUnit.MILLISECONDS, Runnable::run);
              return CompletableFuture.runAsync(() -> {}, later)
                  .thenCompose(again -> whyNotReady(untilNanos));
            });
  }

  /** The address with the port that was taken. */
  Address address() {
    var asked = settings.address();
    return new Address(asked.host(), http.localAddress().getPort(), asked.tls());
  }

  /** Completes when the node no longer runs, whoever stopped it. */
  CompletionStage<?> ended() {
    return node.system().getWhenTerminated();
  }

  /**
   * Stops taking requests, lets those under way end, stops the node, releases the directory; does
   * nothing the second time. Takes {@code drain-within} and {@code stop-within} and at most a
   * second more.
   */
  synchronized void stop() {
    if (stopped) {
      return;
    }
    stopped = true;
    var drained = http.terminate(settings.drainWithin());
    server.letGo();
    awaitDrained(drained);
    node.stop(settings.stopWithin());
    metrics.ifPresent(Exposition::close);
    data.ifPresent(DataDir::close);
  }

  private void awaitDrained(CompletionStage<?> drained) {
    var within = settings.drainWithin().plusSeconds(1);
    try {
      drained.toCompletableFuture().get(within.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException | TimeoutException failed) {
      LOG.warn("Requests under way did not end: {}", failed.toString());
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
