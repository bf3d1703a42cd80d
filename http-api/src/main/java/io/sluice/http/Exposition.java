package io.sluice.http;

import com.typesafe.config.Config;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.jvm.ClassLoaderMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.FileDescriptorMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * The registry of a served node, with what there is to know of its process, in the format that
 * Prometheus reads. It is written on a thread of its own: reading the figures must not hold up
 * requests.
 */
public final class Exposition implements AutoCloseable {
  private static final String TYPE = "text/plain; version=0.0.4; charset=UTF-8";

  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final JvmGcMetrics pauses = new JvmGcMetrics();
  private final ThreadPoolExecutor thread;

  private Exposition(int waitingMax) {
    this.thread =
        new ThreadPoolExecutor(
            1,
            1,
            10,
            TimeUnit.SECONDS,
            new ArrayBlockingQueue<>(waitingMax),
            work -> {
              var one = new Thread(work, "sluice-metrics");
              one.setDaemon(true);
              return one;
            });
    thread.allowCoreThreadTimeOut(true);
    pauses.bindTo(registry);
    new JvmMemoryMetrics().bindTo(registry);
    new JvmThreadMetrics().bindTo(registry);
    new ClassLoaderMetrics().bindTo(registry);
    new ProcessorMetrics().bindTo(registry);
    new FileDescriptorMetrics().bindTo(registry);
    new UptimeMetrics().bindTo(registry);
  }

  /**
   * @param config complete
   * @return empty if {@code sluice.metrics.enabled} says so
   */
  public static Optional<Exposition> of(Config config) {
    var metrics = config.getConfig("sluice.metrics");
    return metrics.getBoolean("enabled")
        ? Optional.of(new Exposition(metrics.getInt("readers-max")))
        : Optional.empty();
  }

  public MeterRegistry registry() {
    return registry;
  }

  /** All figures as they are now; 503 if as many as may wait for them already. */
  public CompletableFuture<Answer> answer() {
    try {
      return CompletableFuture.supplyAsync(registry::scrape, thread)
          .thenApply(text -> Answer.text(TYPE, text));
    } catch (RejectedExecutionException full) {
      return CompletableFuture.completedFuture(
          Answer.detail(
              503,
              "%d readers wait for the metrics already (sluice.metrics.readers-max); read them less often."
                  .formatted(thread.getQueue().size())));
    }
  }

  @Override
  public void close() {
    thread.shutdownNow();
    pauses.close();
    registry.close();
  }
}
