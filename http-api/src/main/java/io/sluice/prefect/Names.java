package io.sluice.prefect;

import com.fasterxml.jackson.databind.JsonNode;
import io.sluice.http.Body;
import io.sluice.http.Fault;
import io.sluice.http.Json;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/** Names as Prefect 3.8.8 allows them (types/names.py). */
final class Names {
  private static final String ALLOWED = "^[^/%&><]+$";
  private static final Pattern NAME = Pattern.compile(ALLOWED);

  private static final Pattern BLANK = Pattern.compile("[' \"]*");
  private static final Pattern KEY = Pattern.compile("[a-z0-9-]*");

  /** Longer names are refused: they are unique keys in the store. */
  static final int LENGTH_MAX = 500;

  /** The same for names of runs and keys of tasks, of which many share what they begin with. */
  static final int LONG_MAX = 1000;

  /** Tags, beginnings of names, resources and the like that one request may look for. */
  private static final int FEW_MAX = 200;

  /** Limits that one request may name: each is asked on its own. */
  static final int LIMITS_MAX = 1000;

  /** Bytes, Prefect's default (settings/models/server/api.py max_parameter_size). */
  private static final int PARAMETERS_MAX = 524_288;

  private static final Fault NO_TEXT = Fault.of("string_type", "Input should be a valid string");

  private Names() {}

  /** The field {@code name} as a name; what is wrong with it is noted in {@code body}. */
  static Optional<String> optional(Body body, String field) {
    var name = body.text(field, LENGTH_MAX);
    if (name.isPresent() && !isName(name.get())) {
      body.wrong(field, Fault.mismatch(ALLOWED));
    }
    return name;
  }

  private static boolean isName(String text) {
    return NAME.matcher(text).find();
  }

  /** The name of a block document. */
  static Optional<String> ofBlock(Body body, String field) {
    return optional(body, field)
        .filter(Names::isName)
        .flatMap(name -> key(body, field, "Block document name"));
  }

  static String required(Body body, String field) {
    return body.required(field, optional(body.needed(field), field), "-");
  }

  /** The name of a deployment: it may be empty, but no path can lead to it then. */
  static String ofDeployment(Body body) {
    var field = "name";
    var name = body.needed(field).text(field, LENGTH_MAX);
    if (name.isPresent() && !name.get().isEmpty() && !isName(name.get())) {
      body.wrong(field, Fault.mismatch(ALLOWED));
    }
    return body.required(field, name, "-");
  }

  /** A name that is more than blanks and quotes. */
  static String nonEmptyish(Body body, String field) {
    var name = body.node(field).map(JsonNode::asText);
    if (name.isPresent() && BLANK.matcher(name.get()).matches()) {
      body.wrong(field, "value_error", "name cannot be an empty string");
      return name.get();
    }
    return required(body, field);
  }

  /** Parameters of a run, of a bounded size as JSON. */
  static JsonNode parameters(Body body) {
    var parameters = body.map("parameters");
    int bytes = Json.write(parameters).length;
    if (bytes > PARAMETERS_MAX) {
      body.wrong(
          "parameters",
          "value_error",
          String.format(
              Locale.ROOT,
              "Flow run parameters must be less than %,d bytes when serialized (got %,d bytes).",
              PARAMETERS_MAX,
              bytes));
    }
    return parameters;
  }

  /** Tags, each no longer than a name. */
  static Optional<List<String>> tags(Body body) {
    return list(body, "tags");
  }

  /** Labels: texts, numbers and booleans by their names. */
  static JsonNode labels(Body body) {
    return body.map("labels", label -> label.isValueNode() && !label.isNull(), NO_TEXT);
  }

  /** What labels of an event are looked for: each with a value or several. */
  static JsonNode wanted(Body body, String field) {
    return body.map(field, label -> label.isTextual() || label.isArray(), NO_TEXT);
  }

  /** Texts, each no longer than a name. */
  static Optional<List<String>> list(Body body, String field) {
    var texts = body.texts(field);
    if (texts.orElse(List.of()).stream().anyMatch(text -> text.length() > LENGTH_MAX)) {
      body.wrong(
          field,
          "string_too_long",
          "Each string should have at most %d characters".formatted(LENGTH_MAX));
    }
    return texts;
  }

  /** Texts that are looked for one by one, such as the beginnings of names. */
  static Optional<List<String>> few(Body body, String field) {
    var texts = body.texts(field);
    few(body, field, texts.map(List::size).orElse(0));
    return texts;
  }

  static void few(Body body, String field, int count) {
    if (count > FEW_MAX) {
      body.wrong(field, "too_long", "List should have at most %d items".formatted(FEW_MAX));
    }
  }

  /** The limits that a request names. */
  static List<String> ofLimits(Body body) {
    var names = body.required("names", body.texts("names"), List.<String>of());
    if (names.size() > LIMITS_MAX) {
      body.wrong(
          "names",
          "too_long",
          "List should have at most %d items, not %d".formatted(LIMITS_MAX, names.size()));
    }
    return names;
  }

  /**
   * A key: lower case letters, digits and dashes.
   *
   * @param what it is, for people
   */
  static Optional<String> key(Body body, String field, String what) {
    var key = body.text(field, LENGTH_MAX);
    if (key.isPresent() && !KEY.matcher(key.get()).matches()) {
      body.wrong(
          field,
          "value_error",
          what + " must only contain lowercase letters, numbers, and dashes.");
    }
    return key;
  }
}
