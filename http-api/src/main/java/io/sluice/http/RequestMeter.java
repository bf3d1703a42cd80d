package io.sluice.http;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Measures requests by the template of their route, never by their path, and by the class of their
 * status. Those that were held wait for others and are told apart.
 */
final class RequestMeter {
  /** Of requests that no route answers: none of that path, or refused before it was looked up. */
  private static final String NO_ROUTE = "none";

  private final MeterRegistry registry;
  private final Duration[] buckets;
  private final Map<Key, Timer> timers = new ConcurrentHashMap<>();

  private record Key(String method, String route, int statusClass, boolean held) {}

  RequestMeter(MeterRegistry registry, Duration[] buckets) {
    this.registry = registry;
    this.buckets = buckets;
  }

  void measure(Load load) {
    Gauge.builder("sluice.http.requests.working", load, Load::working)
        .description("Requests that are worked on")
        .register(registry);
    Gauge.builder("sluice.http.requests.held", load, Load::held)
        .description("Held requests and websockets")
        .register(registry);
    Gauge.builder("sluice.http.bodies", load, Load::bodyBytes)
        .description("Bodies of requests that are worked on")
        .baseUnit("bytes")
        .register(registry);
  }

  /** One request, from its head to its answer. */
  final class Sample {
    private final long began = System.nanoTime();
    private final String method;
    private volatile String route;
    private volatile boolean held;

    Sample(String method) {
      this.method = method;
    }

    void route(String template) {
      route = template;
    }

    void held() {
      held = true;
    }

    void answered(int status) {
      var template = route;
      // A method is a word of the client's unless a route has it.
      var key =
          template == null
              ? new Key(NO_ROUTE, NO_ROUTE, status / 100, held)
              : new Key(method, template, status / 100, held);
      timers
          .computeIfAbsent(key, RequestMeter.this::timer)
          .record(Duration.ofNanos(System.nanoTime() - began));
    }
  }

  private Timer timer(Key key) {
    return Timer.builder("sluice.http.request")
        .description("Requests, from the head to the answer")
        .tags("method", key.method(), "route", key.route())
        .tags("status", key.statusClass() + "xx", "held", Boolean.toString(key.held()))
        .serviceLevelObjectives(buckets)
        .register(registry);
  }
}
