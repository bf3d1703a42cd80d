package io.sluice.notice;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sluice.event.Event;
import io.sluice.event.Events;
import io.sluice.store.TimeOrderedId;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;

/** Publishes what is told of an object, with an id and the time of now. */
final class Tell {
  static final String CREATED = "created";
  static final String UPDATED = "updated";
  static final String DELETED = "deleted";

  private final Events events;
  private final String kind;

  /**
   * @param kind such as {@code work-pool}
   */
  Tell(Events events, String kind) {
    this.events = events;
    this.kind = kind;
  }

  /** What an event is about: its name may be null. */
  Map<String, String> resource(UUID id, String name) {
    var resource = new LinkedHashMap<String, String>();
    resource.put(Event.ID, "prefect." + kind + "." + id);
    if (name != null) {
      resource.put(Event.NAME, name);
    }
    return resource;
  }

  void that(
      String happened,
      Map<String, String> resource,
      List<Map<String, String>> related,
      ObjectNode payload) {
    that(happened, resource, related, payload, TimeOrderedId.at(events.now()), null);
  }

  /**
   * @param happened such as {@code created} or {@code not-ready}
   * @param payload null for an empty one
   * @param follows may be null
   */
  void that(
      String happened,
      Map<String, String> resource,
      List<Map<String, String>> related,
      ObjectNode payload,
      UUID id,
      UUID follows) {
    var now = events.now();
    events.publish(
        new Event(
            id,
            now,
            now,
            "prefect." + kind + "." + happened,
            resource,
            related,
            payload == null ? JsonNodeFactory.instance.objectNode() : payload,
            follows));
  }

  /** {@code NOT_READY} as the end of an event's name. */
  static String kebab(Enum<?> status) {
    return status.name().toLowerCase(java.util.Locale.ROOT).replace('_', '-');
  }

  static String happened(Object before, Object after) {
    return before == null ? CREATED : after == null ? DELETED : UPDATED;
  }

  /** Which fields changed, from what to what. */
  static final class Updates {
    private final ObjectNode updates = JsonNodeFactory.instance.objectNode();

    /** Values as JSON; null stands for JSON null. */
    Updates field(String name, JsonNode from, JsonNode to) {
      var was = from == null ? JsonNodeFactory.instance.nullNode() : from;
      var is = to == null ? JsonNodeFactory.instance.nullNode() : to;
      if (!was.equals(is)) {
        updates.putObject(name).<ObjectNode>set("from", was).set("to", is);
      }
      return this;
    }

    Updates field(String name, Object from, Object to) {
      return Objects.equals(from, to) ? this : field(name, value(from), value(to));
    }

    private static JsonNode value(Object value) {
      var json = JsonNodeFactory.instance;
      if (value == null) {
        return null;
      } else if (value instanceof Integer number) {
        return json.numberNode(number);
      } else if (value instanceof Boolean flag) {
        return json.booleanNode(flag);
      } else if (value instanceof List<?> list) {
        var array = json.arrayNode();
        list.forEach(each -> array.add(value(each)));
        return array;
      }
      return json.textNode(value.toString());
    }

    boolean isEmpty() {
      return updates.isEmpty();
    }

    /** As the payload of an event. */
    ObjectNode payload() {
      var payload = JsonNodeFactory.instance.objectNode();
      var names = payload.putArray("updated_fields");
      updates.fieldNames().forEachRemaining(names::add);
      payload.set("updates", updates);
      return payload;
    }
  }
}
