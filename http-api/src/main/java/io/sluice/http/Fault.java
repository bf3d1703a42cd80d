package io.sluice.http;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;

/**
 * What is wrong with a value, in the words of pydantic 2, with which Prefect 3.8.8 checks requests.
 *
 * @param type machine-readable kind
 * @param ctx what the message was made of; most kinds have nothing
 */
public record Fault(String type, String message, Map<String, Object> ctx) {
  static final Fault MISSING = of("missing", "Field required");
  static final Fault EXTRA = of("extra_forbidden", "Extra inputs are not permitted");
  static final Fault NO_TEXT = of("string_type", "Input should be a valid string");
  static final Fault NO_LIST = of("list_type", "Input should be a valid list");
  static final Fault NO_MAP = of("dict_type", "Input should be a valid dictionary");

  /** For an object with known fields. */
  static final Fault NO_OBJECT =
      of(
          "model_attributes_type",
          "Input should be a valid dictionary or object to extract fields from");

  private static final String SHOULD_BE = "Input should be ";

  /**
   * A fault of a kind that has no context, or one that follows from the message.
   *
   * @param message for {@code value_error}, which stands for checks of Prefect's own, the reason
   */
  public static Fault of(String type, String message) {
    return switch (type) {
      case "value_error" -> new Fault(type, "Value error, " + message, Map.of("error", Map.of()));
      case "enum", "literal_error" ->
          new Fault(type, message, Map.of("expected", message.substring(SHOULD_BE.length())));
      default -> new Fault(type, message, Map.of());
    };
  }

  /** A text that is none of an enum's. */
  public static Fault notOneOf(List<String> choices) {
    return notOneOf("enum", choices);
  }

  /**
   * The same for another kind of choice.
   *
   * @param type {@code enum} or {@code literal_error}
   */
  public static Fault notOneOf(String type, List<String> choices) {
    int last = choices.size() - 1;
    var quoted = choices.stream().map(choice -> "'" + choice + "'").toList();
    var all =
        last < 1
            ? String.join("", quoted)
            : String.join(", ", quoted.subList(0, last)) + " or " + quoted.get(last);
    return of(type, SHOULD_BE + all);
  }

  // ---- bounds ----

  /**
   * @param bound a number, or what stands for one in the message
   */
  public static Fault lessThan(Object bound) {
    return bound("greater_than_equal", "greater than or equal to ", "ge", bound);
  }

  public static Fault moreThan(Object bound) {
    return bound("less_than_equal", "less than or equal to ", "le", bound);
  }

  public static Fault notMoreThan(Object bound) {
    return bound("greater_than", "greater than ", "gt", bound);
  }

  private static Fault bound(String type, String relation, String key, Object bound) {
    var shown = bound instanceof Double number ? Lax.plain(number) : bound.toString();
    return new Fault(type, SHOULD_BE + relation + shown, Map.of(key, bound));
  }

  public static Fault emptyText() {
    return new Fault(
        "string_too_short", "String should have at least 1 character", Map.of("min_length", 1));
  }

  static Fault longText(int max) {
    return new Fault(
        "string_too_long",
        "String should have at most %d characters".formatted(max),
        Map.of("max_length", max));
  }

  /** A text that does not match; {@code pattern} as Prefect spells it. */
  public static Fault mismatch(String pattern) {
    return new Fault(
        "string_pattern_mismatch",
        "String should match pattern '%s'".formatted(pattern),
        Map.of("pattern", pattern));
  }

  // ---- single values ----

  static Fault noBool(JsonNode value) {
    return unread("bool", "boolean", ", unable to interpret input", isWritten(value));
  }

  static Fault noInteger(JsonNode value) {
    return unread("int", "integer", ", unable to parse string as an integer", isWritten(value));
  }

  static Fault noNumber(JsonNode value) {
    return unread("float", "number", ", unable to parse string as a number", isWritten(value));
  }

  private static boolean isWritten(JsonNode value) {
    return value.isTextual() || value.isNumber();
  }

  private static Fault unread(String kind, String what, String why, boolean written) {
    var message = SHOULD_BE + "a valid " + what;
    return written ? of(kind + "_parsing", message + why) : of(kind + "_type", message);
  }

  /** A number that is no integer, or none that can be kept. */
  static Fault noInteger(JsonNode value, boolean isWhole) {
    if (isWhole) {
      return of(
          "int_parsing_size", "Unable to parse input string as an integer, exceeded maximum size");
    }
    return value.isTextual()
        ? noInteger(value)
        : of(
            "int_from_float",
            "Input should be a valid integer, got a number with a fractional part");
  }

  /** Prefect's own type for times. */
  static Fault noTime(JsonNode value) {
    return value.isTextual()
        ? of("value_error", "Unable to parse string [%s]".formatted(value.textValue()))
        : new Fault("value_error", "value is not a valid datetime", Map.of());
  }

  static Fault noSpan(JsonNode value) {
    if (!value.isTextual()) {
      return of("time_delta_type", SHOULD_BE + "a valid timedelta");
    }
    var why = value.textValue().isEmpty() ? "input is too short" : "invalid digit in duration";
    return because("time_delta_parsing", "timedelta", why);
  }

  static Fault noId(JsonNode value) {
    return value.isTextual()
        ? noId(value.textValue())
        : of("uuid_type", "UUID input should be a string, bytes or UUID object");
  }

  public static Fault noId(String text) {
    return because("uuid_parsing", "UUID", Ids.whyNone(text));
  }

  private static Fault because(String type, String what, String why) {
    return new Fault(type, SHOULD_BE + "a valid %s, %s".formatted(what, why), Map.of("error", why));
  }
}
