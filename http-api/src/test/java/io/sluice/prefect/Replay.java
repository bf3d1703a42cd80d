package io.sluice.prefect;

import io.sluice.http.Asker;
import io.sluice.prefect.Recording.Exchange;
import io.sluice.prefect.Recording.Step;
import io.sluice.prefect.Recording.Told;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Sends the requests of a recording to a node, one after the other, with the ids that this node
 * made in the place of the recorded ones. The node's clock shows the times of the recording; its
 * timers run by the real one, so nothing that only waiting brings about happens in between.
 */
final class Replay {
  /** Nothing is held: the next request comes when this one is answered. */
  /** Nothing is held, and no schedule is carried out: Prefect's scheduler had not run yet. */
  private static final String NOTHING_BY_ITSELF =
      """
      sluice.http {
        holds = [0s]
        poll-holds = [0s, 0s]
        proposal-hold = 0s
      }
      sluice.schedule {
        runs-min = 0
        runs-max = 0
      }
      # The clock stands between two steps, so that no burst would ever end.
      sluice.pool { burst-quiet-least = 0s, burst-quiet-most = 0s }
      """;

  /** How long a read may take to show what the request before left to be done after its answer. */
  private static final Duration SETTLED_WITHIN = Duration.ofSeconds(2);

  /**
   * One request, compared.
   *
   * @param differences those that are not tolerated
   */
  record Compared(Exchange recorded, List<String> differences) {}

  private final ToleratedDifferences tolerated;
  private final RecordedIds ids = new RecordedIds();
  private final AtomicReference<Instant> now = new AtomicReference<>();
  private final List<Compared> compared = new ArrayList<>();
  private Served served;

  private Replay(ToleratedDifferences tolerated) {
    this.tolerated = tolerated;
  }

  static List<Compared> of(List<Step> steps, ToleratedDifferences tolerated) {
    var replay = new Replay(tolerated);
    replay.now.set(steps.get(0).at());
    try (var served = Served.start(NOTHING_BY_ITSELF, replay.now::get)) {
      replay.served = served;
      for (var step : steps) {
        replay.now.set(step.at());
        replay.take(step);
      }
    }
    return replay.compared;
  }

  private void take(Step step) {
    if (step instanceof Told told) {
      tell(told);
    } else if (((Exchange) step).prepared()) {
      prepare((Exchange) step);
    } else {
      compare((Exchange) step);
    }
  }

  /** To the other end of the websocket at once: only so is it known when the event is taken. */
  private void tell(Told told) {
    var owners = served.node().owners();
    var in = new EventsIn(new EventIntake(owners));
    in.heard("{\"type\":\"auth\"}").join();
    in.heard(ids.translate(told.event().toString())).join();
  }

  private void prepare(Exchange exchange) {
    var reply = send(exchange);
    if (reply.status() != exchange.status()) {
      compared.add(new Compared(exchange, List.of("cannot be prepared: " + reply)));
    } else if (exchange.answer().has("id")) {
      ids.learn(exchange.answer().get("id").textValue(), reply.id());
    }
  }

  private void compare(Exchange exchange) {
    var deadline = System.nanoTime() + SETTLED_WITHIN.toNanos();
    while (true) {
      var reply = send(exchange);
      var learned = ids.copy();
      var differences = tolerated.without(exchange, differences(exchange, reply, learned));
      if (differences.isEmpty() || !isRead(exchange) || System.nanoTime() > deadline) {
        differences(exchange, reply, ids);
        compared.add(new Compared(exchange, differences));
        return;
      }
    }
  }

  private static boolean isRead(Exchange exchange) {
    return exchange.method().equals("GET") || exchange.path().endsWith("/filter");
  }

  private static List<String> differences(Exchange exchange, Asker.Reply reply, RecordedIds ids) {
    if (reply.status() != exchange.status()) {
      var text = reply.json().toString();
      return List.of(
          "status %d instead of %d, %s"
              .formatted(
                  reply.status(),
                  exchange.status(),
                  text.substring(0, Math.min(200, text.length()))));
    }
    var differences = new ArrayList<String>();
    if (!exchange.answer().isMissingNode()) {
      differences.addAll(AnswerComparison.of(exchange.answer(), reply.json(), ids).differences());
    }
    var retryAfter = reply.headers().firstValue("Retry-After");
    if (exchange.retryAfter() != retryAfter.isPresent()) {
      differences.add("Retry-After: " + retryAfter);
    }
    return differences;
  }

  private Asker.Reply send(Exchange exchange) {
    var api = served.api();
    for (var header : exchange.headers().entrySet()) {
      api = api.with(header.getKey(), header.getValue());
    }
    var path = ids.translate(exchange.path()).substring("/api".length());
    var content =
        exchange.request().isMissingNode()
            ? BodyPublishers.noBody()
            : BodyPublishers.ofString(ids.translate(exchange.request().toString()));
    return api.send(exchange.method(), path, content).join();
  }
}
