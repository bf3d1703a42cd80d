package io.sluice.prefect;

import com.fasterxml.jackson.databind.JsonNode;
import io.sluice.event.Event;
import io.sluice.event.EventFilter;
import io.sluice.event.Labels;
import io.sluice.http.Body;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/** Wire shape of an event (Prefect 3.8.8, server/events/schemas/events.py ReceivedEvent). */
record EventJson(
    Instant occurred,
    String event,
    Map<String, String> resource,
    List<Map<String, String>> related,
    JsonNode payload,
    UUID id,
    UUID follows,
    Instant received) {
  /** Prefect 3.8.8, server.events.maximum_event_name_length. */
  private static final int NAME_MAX = 1024;

  /** The length of its column. */
  private static final int RESOURCE_MAX = 2048;

  /** Prefect 3.8.8, server.events.maximum_related_resources. */
  private static final int RELATED_MAX = 100;

  static EventJson of(Event event) {
    return new EventJson(
        event.occurred(),
        event.event(),
        event.resource(),
        event.related(),
        FlowRunJson.object(event.payload()),
        event.id(),
        event.follows(),
        event.received());
  }

  /** An event as a client sends it. What it leaves out is noted as wrong in {@code body}. */
  static Event read(Body body, Instant received) {
    body.notNull("related", "payload");
    var event =
        new Event(
            body.requiredId("id"),
            body.required("occurred", body.time("occurred"), received),
            received,
            body.required("event", body.text("event", NAME_MAX), ""),
            body.textMap("resource"),
            body.objects("related").orElse(List.of()).stream().map(EventJson::related).toList(),
            body.map("payload"),
            body.id("follows").orElse(null));
    if (event.resourceId() == null || event.resourceId().isEmpty()) {
      body.wrong("resource", "value_error", "Resources must include the prefect.resource.id label");
    } else if (event.resourceId().length() > RESOURCE_MAX) {
      body.wrong(
          "resource",
          "string_too_long",
          "The prefect.resource.id should have at most %d characters".formatted(RESOURCE_MAX));
    }
    if (event.related().size() > RELATED_MAX) {
      body.wrong(
          "related",
          "value_error",
          "The maximum number of related resources is %d".formatted(RELATED_MAX));
    }
    return event;
  }

  private static Map<String, String> related(Body body) {
    body.whole().properties().stream()
        .filter(label -> !label.getValue().isTextual())
        .forEach(
            label -> body.wrong(label.getKey(), "string_type", "Input should be a valid string"));
    var related = texts(body.whole());
    for (var label : List.of(Event.ID, Event.ROLE)) {
      if (related.getOrDefault(label, "").isEmpty()) {
        body.wrong(
            label, "value_error", "Related Resources must include the %s label".formatted(label));
      }
    }
    return related;
  }

  private static Map<String, String> texts(JsonNode object) {
    var texts = new LinkedHashMap<String, String>();
    object.properties().forEach(e -> texts.put(e.getKey(), e.getValue().asText()));
    return texts;
  }

  /** EventFilter. Parts that are not known do not restrict. */
  static EventFilter filter(Body body) {
    body.notNull("occurred", "id");
    var occurred = body.object("occurred");
    occurred.ifPresent(o -> o.notNull("since", "until"));
    var event = body.object("event");
    var resource = body.object("resource");
    return new EventFilter(
        occurred.flatMap(o -> o.time("since")).orElse(null),
        occurred.flatMap(o -> o.time("until")).orElse(null),
        any(event, "name"),
        few(event, "prefix"),
        any(event, "exclude_name"),
        few(event, "exclude_prefix"),
        any(resource, "id"),
        few(resource, "id_prefix"),
        any(single(body, "any_resource"), "id"),
        labels(resource),
        Set.copyOf(body.object("id").flatMap(i -> i.ids("id")).orElse(List.of())));
  }

  private static List<String> few(Optional<Body> body, String name) {
    return body.flatMap(b -> Names.few(b, name)).orElse(List.of());
  }

  private static Set<String> any(Optional<Body> body, String name) {
    return body.map(b -> any(b, name)).orElse(Set.of());
  }

  static Set<String> any(Body body, String name) {
    return Set.copyOf(body.texts(name).orElse(List.of()));
  }

  /** The object in a field that may also be a list of such. */
  private static Optional<Body> single(Body body, String field) {
    return body.node(field).filter(JsonNode::isObject).flatMap(object -> body.object(field));
  }

  static Labels labels(Optional<Body> resource) {
    var labels = new LinkedHashMap<String, List<String>>();
    var given = resource.map(r -> Names.wanted(r, "labels"));
    given.ifPresent(
        map -> map.properties().forEach(l -> labels.put(l.getKey(), labelValues(l.getValue()))));
    int values = labels.values().stream().mapToInt(List::size).sum();
    resource.ifPresent(r -> Names.few(r, "labels", values));
    return new Labels(labels);
  }

  private static List<String> labelValues(JsonNode given) {
    var values = new ArrayList<String>();
    if (given.isArray()) {
      given.forEach(value -> values.add(value.asText()));
    } else {
      values.add(given.asText());
    }
    return values;
  }
}
