package io.sluice.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.NullNode;
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

  /** Items of one list that are told to be wrong; with all, the answer could be many requests. */
  private static final int FAULTS_MAX = 100;

  private final JsonNode root;
  private final JsonNode object;
  private final List<Object> location;
  private final List<Error> errors;
  private final boolean open;
  private final Set<String> known = new HashSet<>();
  private final Set<String> notNull = new HashSet<>();

  private Body(
      JsonNode root, JsonNode object, List<Object> location, List<Error> errors, boolean open) {
    this.root = root;
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
    return of(json, json, List.of("body"), new ArrayList<>(), open);
  }

  /** One object of a list; what is wrong in it is refused with what is wrong in the others. */
  static Body item(JsonNode list, int index, List<Error> errors) {
    return of(list, list.get(index), List.of("body", index), errors, false);
  }

  private static Body of(
      JsonNode root, JsonNode json, List<Object> location, List<Error> errors, boolean open) {
    if (!json.isObject()) {
      errors.add(error(json.isNull() ? Fault.MISSING : Fault.NO_OBJECT, location, json));
      throw new Invalid(errors, root);
    }
    return new Body(root, json, location, errors, open);
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
    refuseAll();
  }

  /** Refuses the request if anything read was wrong in this object or in those read with it. */
  void refuseAll() {
    if (!errors.isEmpty()) {
      throw new Invalid(List.copyOf(errors), root);
    }
  }

  /** The same for an object inside; its errors are refused with those of the whole body. */
  public void endNested() {
    object
        .fieldNames()
        .forEachRemaining(
            name -> {
              if (!known.contains(name)) {
                wrong(name, Fault.EXTRA);
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
  public void wrong(String name, Fault fault) {
    errors.add(error(fault, at(name), object.get(name)));
  }

  /** The same for a {@link Fault#of}. */
  public void wrong(String name, String type, String message) {
    wrong(name, Fault.of(type, message));
  }

  /** Notes that the object as a whole is wrong; reading goes on. */
  public void wrongAsWhole(Fault fault) {
    errors.add(error(fault, location, object));
  }

  private static Error error(Fault fault, List<Object> loc, JsonNode input) {
    return new Error(fault.type(), loc, fault.message(), input, fault.ctx());
  }

  private List<Object> at(Object name) {
    var at = new ArrayList<>(location);
    at.add(name);
    return at;
  }

  /**
   * Says that a field has to be there: null is no value then. Among arguments it is as good as
   * absent.
   */
  public Body needed(String name) {
    if (!open) {
      notNull.add(name);
    }
    return this;
  }

  /** What {@code read} reads; noted as missing and replaced by {@code otherwise} if absent. */
  public <T> T required(String name, Optional<T> read, T otherwise) {
    if (read.isEmpty() && node(name).isEmpty()) {
      errors.add(error(Fault.MISSING, at(name), open ? NullNode.instance : object));
    }
    return read.orElse(otherwise);
  }

  // ---- scalars ----

  public Optional<String> text(String name) {
    var node = node(name);
    if (node.isPresent() && !node.get().isTextual()) {
      wrong(name, Fault.NO_TEXT);
      return Optional.empty();
    }
    return node.map(JsonNode::textValue);
  }

  public String requiredText(String name) {
    return required(name, needed(name).text(name), "");
  }

  /** Text of at most {@code max} characters. */
  public Optional<String> text(String name, int max) {
    var text = text(name);
    if (text.isPresent() && text.get().length() > max) {
      wrong(name, Fault.longText(max));
    }
    return text;
  }

  public Optional<Boolean> bool(String name) {
    return scalar(name, Lax::bool, Fault::noBool);
  }

  /** What {@code read} makes of the field; if nothing, that is noted. */
  private <T> Optional<T> scalar(
      String name, Function<JsonNode, Optional<T>> read, Function<JsonNode, Fault> fault) {
    var node = node(name);
    var value = node.flatMap(read);
    if (node.isPresent() && value.isEmpty()) {
      wrong(name, fault.apply(node.get()));
    }
    return value;
  }

  /** A whole number, also written as {@code 2.0} or {@code "2"}. */
  public Optional<Integer> integer(String name) {
    return scalar(name, Lax::number, Fault::noInteger)
        .flatMap(
            number -> {
              try {
                return Optional.of(number.intValueExact());
              } catch (ArithmeticException notOne) {
                boolean whole = number.stripTrailingZeros().scale() <= 0;
                wrong(name, Fault.noInteger(object.get(name), whole));
                return Optional.empty();
              }
            });
  }

  /** A whole number within bounds. */
  public Optional<Integer> integer(String name, int min, int max) {
    return within(name, integer(name), min, max);
  }

  private <N extends Comparable<N>> Optional<N> within(
      String name, Optional<N> number, N min, N max) {
    if (number.isPresent() && number.get().compareTo(min) < 0) {
      wrong(name, Fault.lessThan(min));
    } else if (number.isPresent() && number.get().compareTo(max) > 0) {
      wrong(name, Fault.moreThan(max));
    }
    return number;
  }

  /** A whole number greater than zero. */
  public Optional<Integer> positiveInteger(String name) {
    var number = integer(name);
    if (number.isPresent() && number.get() < 1) {
      wrong(name, Fault.notMoreThan(0));
    }
    return number;
  }

  public Optional<Double> decimal(String name) {
    return scalar(name, Lax::number, Fault::noNumber).map(BigDecimal::doubleValue);
  }

  /** A span of time in seconds: a number, or a text such as {@code PT1H} or {@code 01:00:00}. */
  public Optional<Double> seconds(String name) {
    return scalar(name, Lax::seconds, Fault::noSpan);
  }

  /** A number within bounds. */
  public Optional<Double> decimal(String name, double min, double max) {
    return within(name, decimal(name), min, max);
  }

  /** A number greater than zero. */
  public Optional<Double> positive(String name) {
    var number = decimal(name);
    if (number.isPresent() && number.get() <= 0) {
      wrong(name, Fault.notMoreThan(0.0));
    }
    return number;
  }

  public Optional<UUID> id(String name) {
    return scalar(name, Lax::id, Fault::noId);
  }

  public UUID requiredId(String name) {
    return required(name, needed(name).id(name), new UUID(0, 0));
  }

  /** A time of the years 1 to 9999, as text or as a number of seconds since 1970. */
  public Optional<Instant> time(String name) {
    return scalar(name, Lax::time, Fault::noTime);
  }

  /** One of the enum's constants, spelled exactly. */
  public <E extends Enum<E>> Optional<E> constant(String name, Class<E> type) {
    var constants = Arrays.asList(type.getEnumConstants());
    return choice(name, constants.stream().map(Enum::name).toList())
        .map(text -> Enum.valueOf(type, text));
  }

  /** One of the texts of an enum. */
  public Optional<String> choice(String name, List<String> choices) {
    return choice(name, choices, Fault.notOneOf(choices));
  }

  /** One of some texts that are no enum in Prefect. */
  public Optional<String> literal(String name, List<String> choices) {
    return choice(name, choices, Fault.notOneOf("literal_error", choices));
  }

  private Optional<String> choice(String name, List<String> choices, Fault fault) {
    return scalar(
        name, node -> Optional.ofNullable(node.textValue()).filter(choices::contains), n -> fault);
  }

  /** Texts that are all among {@code choices}; each that is not is noted. */
  public Optional<List<String>> choices(String name, List<String> choices) {
    return items(
            name,
            node -> node.isTextual() && choices.contains(node.textValue()),
            node -> Fault.notOneOf(choices))
        .map(items -> items.stream().map(JsonNode::textValue).toList());
  }

  // ---- structures ----

  /** An object; empty if absent or null. Call {@link #endNested()} on it when it is read. */
  public Optional<Body> object(String name) {
    var node = node(name);
    if (node.isPresent() && !node.get().isObject()) {
      wrong(name, Fault.NO_OBJECT);
      return Optional.empty();
    }
    return node.map(json -> new Body(root, json, at(name), errors, false));
  }

  /** Any JSON object, not looked into. */
  public JsonNode map(String name) {
    var node = node(name);
    if (node.isPresent() && !node.get().isObject()) {
      wrong(name, Fault.NO_MAP);
      return JsonNodeFactory.instance.objectNode();
    }
    return node.orElseGet(JsonNodeFactory.instance::objectNode);
  }

  /** Any JSON list, not looked into; null if absent or null. */
  public JsonNode list(String name) {
    return items(name, node -> true, node -> Fault.NO_MAP)
        .map(items -> object.get(name))
        .orElse(null);
  }

  /** The objects of a list; empty if absent or null. */
  public Optional<List<Body>> objects(String name) {
    return items(name, JsonNode::isObject, node -> Fault.NO_OBJECT)
        .map(items -> IntStream.range(0, items.size()).mapToObj(i -> item(name, i)).toList());
  }

  private Body item(String name, int index) {
    var at = at(name);
    at.add(index);
    return new Body(root, object.get(name).get(index), at, errors, false);
  }

  /** The texts in an object, by their names; empty if absent or null. */
  public Map<String, String> textMap(String name) {
    var texts = new LinkedHashMap<String, String>();
    map(name, JsonNode::isTextual, Fault.NO_TEXT).properties().stream()
        .filter(entry -> entry.getValue().isTextual())
        .forEach(entry -> texts.put(entry.getKey(), entry.getValue().textValue()));
    return texts;
  }

  /** Any JSON object; of each value in it that does not fit that is noted. */
  public JsonNode map(String name, Predicate<JsonNode> fits, Fault fault) {
    var map = map(name);
    map.properties().stream()
        .filter(entry -> !fits.test(entry.getValue()))
        .forEach(entry -> wrongInside(name, entry.getKey(), fault));
    return map;
  }

  /** Notes that a part of a field is wrong; reading goes on. */
  public void wrongInside(String name, Object part, Fault fault) {
    var at = at(name);
    at.add(part);
    var whole = object.get(name);
    var input = part instanceof Integer index ? whole.get(index) : whole.get(part.toString());
    errors.add(error(fault, at, input));
  }

  public Optional<List<String>> texts(String name) {
    return items(name, JsonNode::isTextual, node -> Fault.NO_TEXT)
        .map(items -> items.stream().map(JsonNode::textValue).toList());
  }

  public Optional<List<UUID>> ids(String name) {
    return items(name, node -> Lax.id(node).isPresent(), Fault::noId)
        .map(items -> items.stream().map(node -> Lax.id(node).orElseThrow()).toList());
  }

  private Optional<List<JsonNode>> items(
      String name, Predicate<JsonNode> good, Function<JsonNode, Fault> fault) {
    var node = node(name);
    if (node.isEmpty()) {
      return Optional.empty();
    }
    if (!node.get().isArray()) {
      wrong(name, Fault.NO_LIST);
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
    int wrong = 0;
    int index = 0;
    for (var item : node.get()) {
      if (good.test(item)) {
        items.add(item);
      } else {
        wrong++;
        if (wrong <= FAULTS_MAX) {
          wrongInside(name, index, fault.apply(item));
        }
      }
      index++;
    }
    return Optional.of(items);
  }
}
