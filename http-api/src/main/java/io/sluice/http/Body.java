package io.sluice.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.sluice.http.Invalid.Error;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.IntStream;

/**
 * A JSON object read field by field. Remembers what was asked for and what was wrong with it;
 * {@link #end()} then refuses everything wrong or unknown at once. Absent and null read as empty;
 * {@link #has} tells them apart, for updates in which null clears.
 */
public final class Body {
  /** Items that a list may have; a statement of PostgreSQL takes 65,535 values. */
  static final int ITEMS_MAX = 10_000;

  private final JsonNode object;
  private final List<Object> location;
  private final List<Error> errors;
  private final boolean open;
  private final Set<String> known = new HashSet<>();
  private final Set<String> notNull = new HashSet<>();

  private Body(JsonNode object, List<Object> location, List<Error> errors, boolean open) {
    this.object = object;
    this.location = location;
    this.errors = errors;
    this.open = open;
  }

  /** The body of a request. */
  public static Body of(JsonNode json) {
    return of(json, false);
  }

  /** The same; fields that nobody asks for are let pass. */
  static Body argumentsOf(JsonNode json) {
    return of(json.isNull() ? JsonNodeFactory.instance.objectNode() : json, true);
  }

  private static Body of(JsonNode json, boolean open) {
    return of(json, List.of("body"), new ArrayList<>(), open);
  }

  /** One object of a list; what is wrong in it is refused with what is wrong in the others. */
  static Body item(JsonNode json, List<Object> location, List<Error> errors) {
    return of(json, location, errors, false);
  }

  private static Body of(JsonNode json, List<Object> location, List<Error> errors, boolean open) {
    if (!json.isObject()) {
      errors.add(
          json.isNull()
              ? error("missing", location, "Field required", json)
              : error("dict_type", location, "Input should be an object", json));
      throw new Invalid(errors, json);
    }
    return new Body(json, location, errors, open);
  }

  /** Says of which fields null is no value; it is refused as any other that is none. */
  public Body notNull(String... names) {
    notNull.addAll(List.of(names));
    return this;
  }

  /**
   * Refuses the request if anything read was wrong, or if there are fields nobody asked for that
   * are not let pass.
   */
  public void end() {
    if (!open) {
      endNested();
    }
    refuse(object);
  }

  /** Refuses the request if anything read was wrong in this object or in those read with it. */
  void refuse(JsonNode body) {
    if (!errors.isEmpty()) {
      throw new Invalid(List.copyOf(errors), body);
    }
  }

  /** The same for an object inside; its errors are refused with those of the whole body. */
  public void endNested() {
    object
        .fieldNames()
        .forEachRemaining(
            name -> {
              if (!known.contains(name)) {
                wrong(name, "extra_forbidden", "Extra inputs are not permitted");
              }
            });
  }

  /** The object as it is. */
  public JsonNode whole() {
    return object;
  }

  /** Whether anything read so far was wrong. */
  public boolean isWrong() {
    return !errors.isEmpty();
  }

  /** Whether the field is there, be it null. */
  public boolean has(String name) {
    known.add(name);
    return object.has(name);
  }

  /** The field as it is; empty if absent, or null where null is a value. */
  public Optional<JsonNode> node(String name) {
    known.add(name);
    var node = object.get(name);
    boolean none = node == null || node.isNull() && !notNull.contains(name);
    return none ? Optional.empty() : Optional.of(node);
  }

  /** Notes that a field is wrong; reading goes on. */
  public void wrong(String name, String type, String message) {
    errors.add(error(type, at(name), message, object.get(name)));
  }

  private static Error error(String type, List<Object> loc, String message, JsonNode input) {
    // As Pydantic says it of what Prefect's own checks refuse.
    var text = type.equals("value_error") ? "Value error, " + message : message;
    return new Error(type, loc, text, input, Map.of());
  }

  private List<Object> at(Object name) {
    var at = new ArrayList<>(location);
    at.add(name);
    return at;
  }

  /** What {@code read} reads; noted as missing and replaced by {@code otherwise} if absent. */
  public <T> T required(String name, Optional<T> read, T otherwise) {
    if (read.isEmpty() && node(name).isEmpty()) {
      errors.add(error("missing", at(name), "Field required", object));
    }
    return read.orElse(otherwise);
  }

  // ---- scalars ----

  public Optional<String> text(String name) {
    var node = node(name);
    if (node.isPresent() && !node.get().isTextual()) {
      wrong(name, "string_type", "Input should be a valid string");
      return Optional.empty();
    }
    return node.map(JsonNode::textValue);
  }

  public String requiredText(String name) {
    return required(name, text(name), "");
  }

  /** Text of at most {@code max} characters. */
  public Optional<String> text(String name, int max) {
    var text = text(name);
    if (text.isPresent() && text.get().length() > max) {
      wrong(name, "string_too_long", "String should have at most %d characters".formatted(max));
    }
    return text;
  }

  public Optional<Boolean> bool(String name) {
    return scalar(name, Lax::bool, "bool", "Input should be a valid boolean");
  }

  /** What {@code read} makes of the field; if nothing, that is noted. */
  private <T> Optional<T> scalar(
      String name, Function<JsonNode, Optional<T>> read, String kind, String message) {
    var node = node(name);
    var value = node.flatMap(read);
    if (node.isPresent() && value.isEmpty()) {
      boolean written = node.get().isTextual() || node.get().isNumber();
      wrong(name, kind + (written ? "_parsing" : "_type"), message);
    }
    return value;
  }

  /** A whole number, also written as {@code 2.0} or {@code "2"}. */
  public Optional<Integer> integer(String name) {
    return scalar(name, Lax::number, "int", "Input should be a valid integer")
        .flatMap(
            number -> {
              try {
                return Optional.of(number.intValueExact());
              } catch (ArithmeticException fraction) {
                wrong(name, "int_from_float", "Input should be a valid integer");
                return Optional.empty();
              }
            });
  }

  /** A whole number within bounds. */
  public Optional<Integer> integer(String name, int min, int max) {
    var number = integer(name);
    number.ifPresent(value -> checkBounds(name, value, min, max));
    return number;
  }

  public Optional<Double> decimal(String name) {
    return scalar(name, Lax::number, "float", "Input should be a valid number")
        .map(BigDecimal::doubleValue);
  }

  /** A span of time in seconds: a number, or a text such as {@code PT1H} or {@code 01:00:00}. */
  public Optional<Double> seconds(String name) {
    return scalar(name, Lax::seconds, "time_delta", "Input should be a valid duration");
  }

  /** A number within bounds. */
  public Optional<Double> decimal(String name, double min, double max) {
    var number = decimal(name);
    number.ifPresent(value -> checkBounds(name, value, min, max));
    return number;
  }

  private void checkBounds(String name, double value, double min, double max) {
    if (value < min) {
      wrong(
          name, "greater_than_equal", "Input should be greater than or equal to " + Lax.plain(min));
    } else if (value > max) {
      wrong(name, "less_than_equal", "Input should be less than or equal to " + Lax.plain(max));
    }
  }

  /** A number greater than zero. */
  public Optional<Double> positive(String name) {
    var number = decimal(name);
    if (number.isPresent() && number.get() <= 0) {
      wrong(name, "greater_than", "Input should be greater than 0");
    }
    return number;
  }

  public Optional<UUID> id(String name) {
    return text(name)
        .flatMap(
            text -> {
              var id = Call.uuid(text);
              if (id.isEmpty()) {
                wrong(name, "uuid_parsing", "Input should be a valid UUID");
              }
              return id;
            });
  }

  public UUID requiredId(String name) {
    return required(name, id(name), new UUID(0, 0));
  }

  /** A time of the years 1 to 9999, as text or as a number of seconds since 1970. */
  public Optional<Instant> time(String name) {
    return scalar(name, Lax::time, "datetime", "Input should be a valid datetime");
  }

  /** One of the enum's constants, spelled exactly. */
  public <E extends Enum<E>> Optional<E> constant(String name, Class<E> type) {
    return text(name)
        .flatMap(
            text -> {
              var constant =
                  Arrays.stream(type.getEnumConstants())
                      .filter(c -> c.name().equals(text))
                      .findFirst();
              if (constant.isEmpty()) {
                var all = Arrays.toString(type.getEnumConstants());
                wrong(name, "enum", "Input should be one of " + all);
              }
              return constant;
            });
  }

  // ---- structures ----

  /** An object; empty if absent or null. Call {@link #endNested()} on it when it is read. */
  public Optional<Body> object(String name) {
    var node = node(name);
    if (node.isPresent() && !node.get().isObject()) {
      wrong(name, "dict_type", "Input should be a valid dictionary");
      return Optional.empty();
    }
    return node.map(json -> new Body(json, at(name), errors, false));
  }

  /** Any JSON object, not looked into. */
  public JsonNode map(String name) {
    var node = node(name);
    if (node.isPresent() && !node.get().isObject()) {
      wrong(name, "dict_type", "Input should be a valid dictionary");
      return JsonNodeFactory.instance.objectNode();
    }
    return node.orElseGet(JsonNodeFactory.instance::objectNode);
  }

  /** Any JSON list, not looked into; null if absent or null. */
  public JsonNode list(String name) {
    return items(name, node -> true, "", "").map(items -> object.get(name)).orElse(null);
  }

  /** The objects of a list; empty if absent or null. */
  public Optional<List<Body>> objects(String name) {
    return items(name, JsonNode::isObject, "dict_type", "Input should be an object")
        .map(items -> IntStream.range(0, items.size()).mapToObj(i -> item(name, i)).toList());
  }

  private Body item(String name, int index) {
    var at = at(name);
    at.add(index);
    return new Body(object.get(name).get(index), at, errors, false);
  }

  /** The texts in an object, by their names; empty if absent or null. */
  public Map<String, String> textMap(String name) {
    var texts = new LinkedHashMap<String, String>();
    map(name, JsonNode::isTextual, "string_type", "Input should be a valid string")
        .properties()
        .stream()
        .filter(entry -> entry.getValue().isTextual())
        .forEach(entry -> texts.put(entry.getKey(), entry.getValue().textValue()));
    return texts;
  }

  /** Any JSON object; of each value in it that does not fit that is noted. */
  public JsonNode map(String name, Predicate<JsonNode> fits, String type, String message) {
    var map = map(name);
    map.properties().stream()
        .filter(entry -> !fits.test(entry.getValue()))
        .forEach(entry -> wrongInside(name, entry.getKey(), type, message));
    return map;
  }

  /** Notes that a part of a field is wrong; reading goes on. */
  public void wrongInside(String name, Object part, String type, String message) {
    var at = at(name);
    at.add(part);
    var whole = object.get(name);
    var input = part instanceof Integer index ? whole.get(index) : whole.get(part.toString());
    errors.add(error(type, at, message, input));
  }

  public Optional<List<String>> texts(String name) {
    return items(name, JsonNode::isTextual, "string_type", "Input should be a valid string")
        .map(items -> items.stream().map(JsonNode::textValue).toList());
  }

  public Optional<List<UUID>> ids(String name) {
    return items(
            name,
            node -> node.isTextual() && Call.uuid(node.textValue()).isPresent(),
            "uuid_parsing",
            "Input should be a valid UUID")
        .map(
            items ->
                items.stream().map(node -> Call.uuid(node.textValue()).orElseThrow()).toList());
  }

  private Optional<List<JsonNode>> items(
      String name, Predicate<JsonNode> good, String type, String message) {
    var node = node(name);
    if (node.isEmpty()) {
      return Optional.empty();
    }
    if (!node.get().isArray()) {
      wrong(name, "list_type", "Input should be a valid list");
      return Optional.empty();
    }
    if (node.get().size() > ITEMS_MAX) {
      wrong(
          name,
          "too_long",
          "List should have at most %d items, not %d".formatted(ITEMS_MAX, node.get().size()));
      return Optional.empty();
    }
    var items = new ArrayList<JsonNode>();
    int index = 0;
    for (var item : node.get()) {
      if (good.test(item)) {
        items.add(item);
      } else {
        wrongInside(name, index, type, message);
      }
      index++;
    }
    return Optional.of(items);
  }
}
