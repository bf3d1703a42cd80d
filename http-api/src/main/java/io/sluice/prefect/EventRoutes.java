package io.sluice.prefect;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sluice.cluster.Together;
import io.sluice.event.EventHistory;
import io.sluice.http.Answer;
import io.sluice.http.Bodies;
import io.sluice.http.Body;
import io.sluice.http.Call;
import io.sluice.http.Json;
import io.sluice.http.Plain;
import io.sluice.http.Router;
import io.sluice.node.Owners;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * Stored events, and events that come without a websocket (Prefect 3.8.8, server/api/events.py).
 */
final class EventRoutes {
  private static final int PAGE_MAX = 50;

  private final EventHistory history;
  private final EventIntake intake;

  EventRoutes(Owners owners, EventIntake intake) {
    this.history = owners.eventHistory();
    this.intake = intake;
  }

  void addTo(Router router) {
    router
        .post("/events", this::take)
        .post("/events/filter", this::list)
        .get("/events/filter/next", this::next);
  }

  private CompletableFuture<Answer> take(Call call) {
    var bodies = call.mendedBodies();
    var now = intake.events().now();
    var events = bodies.stream().map(body -> EventJson.read(body, now)).toList();
    Bodies.endKnown(bodies);
    return Together.done(
            events.stream().map(event -> intake.take(event).exceptionally(lost -> null)).toList())
        .thenApply(done -> Answer.noContent());
  }

  /** EventPage. */
  private record PageJson(List<EventJson> events, int total, String nextPage) {}

  private CompletableFuture<Answer> list(Call call) {
    var body = call.arguments();
    var filter = body.map("filter");
    body.object("filter").ifPresent(f -> EventQueryBody.read(f, intake.events().now()));
    int limit = body.integer("limit", 0, PAGE_MAX).orElse(PAGE_MAX);
    body.end();
    var pinned = (ObjectNode) filter.deepCopy();
    if (!filter.path("occurred").hasNonNull("until")) {
      pinned.withObject("/occurred").put("until", Json.time(intake.events().now()));
    }
    return page(call, pinned, limit, 0);
  }

  private CompletableFuture<Answer> page(Call call, JsonNode filter, int limit, int offset) {
    var query = EventQueryBody.read(Body.of(filter), intake.events().now());
    return history
        .part(query, limit, offset)
        .thenApply(
            part -> {
              int next = offset + limit;
              return Answer.ok(
                  new PageJson(
                      part.events().stream().map(EventJson::of).toList(),
                      part.total(),
                      limit > 0 && next < part.total() ? link(call, filter, limit, next) : null));
            });
  }

  private static String link(Call call, JsonNode filter, int limit, int offset) {
    var token = JsonNodeFactory.instance.objectNode().put("limit", limit).put("offset", offset);
    token.set("filter", filter);
    var text = Json.text(token).getBytes(StandardCharsets.UTF_8);
    return "%s/api/events/filter/next?page-token=%s"
        .formatted(call.origin(), Base64.getUrlEncoder().withoutPadding().encodeToString(text));
  }

  private CompletableFuture<Answer> next(Call call) {
    var token =
        call.query("page-token").orElseThrow(() -> new Plain(422, "page-token is required."));
    try {
      var page =
          Json.read(new String(Base64.getUrlDecoder().decode(token), StandardCharsets.UTF_8));
      int limit = page.required("limit").intValue();
      int offset = page.required("offset").intValue();
      if (limit < 1 || limit > PAGE_MAX || offset < 0) {
        throw new IllegalArgumentException("no page");
      }
      return page(call, page.required("filter"), limit, offset);
    } catch (RuntimeException notOurs) {
      throw new Plain(403, "Forbidden");
    }
  }
}
