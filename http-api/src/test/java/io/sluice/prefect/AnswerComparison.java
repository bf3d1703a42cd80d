package io.sluice.prefect;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Compares an answer with the recorded one: the same fields with the same kinds of values, and the
 * same values wherever they are not made up by the server. Learns the ids that Sluice made.
 */
final class AnswerComparison {
  private static final Pattern TIME = Pattern.compile("\\d{4}-\\d\\d-\\d\\d[T ]\\d\\d:.*");
  private static final Pattern MADE_UP_NAME = Pattern.compile("[a-z]+-[a-z]+");

  /** Measured by the server; both must be numbers, or both absent. */
  private static final Set<String> MEASURED =
      Set.of(
          "total_run_time",
          "estimated_run_time",
          "estimated_start_time_delta",
          "avg_slot_occupancy_seconds");

  /** Replies follow each other faster than they did. */
  private static final Duration TIME_OFF_MOST = Duration.ofSeconds(2);

  private final RecordedIds ids;
  private final List<String> differences = new ArrayList<>();

  private AnswerComparison(RecordedIds ids) {
    this.ids = ids;
  }

  /**
   * @param ids what is known; gets the ids that are learned
   */
  static AnswerComparison of(JsonNode recorded, JsonNode actual, RecordedIds ids) {
    var comparison = new AnswerComparison(ids);
    comparison.compare("", "", recorded, actual);
    return comparison;
  }

  /** As {@code place: how}; list positions are left out of places. */
  List<String> differences() {
    return differences;
  }

  private void differs(String place, String how) {
    differences.add((place.isEmpty() ? "answer" : place) + ": " + how);
  }

  private void compare(String place, String field, JsonNode recorded, JsonNode actual) {
    if (recorded.isNull() || actual.isNull()) {
      if (recorded.isNull() != actual.isNull()) {
        differs(place, "%s instead of %s".formatted(brief(actual), brief(recorded)));
      }
    } else if (recorded.isObject() && actual.isObject()) {
      compareObjects(place, recorded, actual);
    } else if (recorded.isArray() && actual.isArray()) {
      compareLists(place, field, recorded, actual);
    } else if (recorded.isTextual() && actual.isTextual()) {
      compareTexts(place, field, recorded.textValue(), actual.textValue());
    } else if (recorded.isNumber() && actual.isNumber()) {
      compareNumbers(place, field, recorded, actual);
    } else if (!recorded.equals(actual)) {
      differs(place, "%s instead of %s".formatted(brief(actual), brief(recorded)));
    }
  }

  private void compareObjects(String place, JsonNode recorded, JsonNode actual) {
    // Ids first: other texts hold them.
    var fields = new LinkedHashSet<String>();
    if (recorded.has("id") && actual.has("id")) {
      fields.add("id");
    }
    recorded.fieldNames().forEachRemaining(fields::add);
    actual.fieldNames().forEachRemaining(fields::add);
    for (var field : fields) {
      var at = place.isEmpty() ? field : place + "." + field;
      if (!actual.has(field)) {
        differs(at, "missing");
      } else if (!recorded.has(field)) {
        differs(at, "not in the recording");
      } else {
        compare(at, field, recorded.get(field), actual.get(field));
      }
    }
  }

  private void compareLists(String place, String field, JsonNode recorded, JsonNode actual) {
    if (recorded.size() != actual.size()) {
      differs(place, "%d items instead of %d".formatted(actual.size(), recorded.size()));
      return;
    }
    var aligned = aligned(recorded, actual);
    if (!aligned.equals(elements(actual))) {
      differs(place + "[]", "in another order");
    }
    for (int i = 0; i < recorded.size(); i++) {
      compare(place + "[]", field, recorded.get(i), aligned.get(i));
    }
  }

  /**
   * The actual items in the order of the recorded ones, if their ids or names tell which is which.
   */
  private List<JsonNode> aligned(JsonNode recorded, JsonNode actual) {
    var left = elements(actual);
    var aligned = new ArrayList<JsonNode>();
    for (var item : recorded) {
      var same = left.stream().filter(other -> isSame(item, other)).findFirst();
      if (same.isEmpty()) {
        return elements(actual);
      }
      left.remove(same.get());
      aligned.add(same.get());
    }
    return aligned;
  }

  private boolean isSame(JsonNode recorded, JsonNode actual) {
    var id = recorded.path("id").asText();
    return ids.knows(id)
        ? ids.translate(id).equals(actual.path("id").asText())
        : recorded.path("name").equals(actual.path("name"))
            && recorded.path("work_pool_name").equals(actual.path("work_pool_name"));
  }

  private static List<JsonNode> elements(JsonNode list) {
    var elements = new ArrayList<JsonNode>();
    list.forEach(elements::add);
    return elements;
  }

  private void compareTexts(String place, String field, String recorded, String actual) {
    if (RecordedIds.isId(recorded) && RecordedIds.isId(actual)) {
      if (ids.knows(recorded) && !ids.translate(recorded).equals(actual)) {
        differs(place, "another id");
      }
      ids.learn(recorded, actual);
    } else if (TIME.matcher(recorded).matches()) {
      compareTimes(place, recorded, actual);
    } else if (!ids.translate(recorded).equals(actual) && !isMadeUp(field, recorded, actual)) {
      differs(place, "'%s' instead of '%s'".formatted(actual, recorded));
    }
  }

  private static boolean isMadeUp(String field, String recorded, String actual) {
    return field.equals("name")
        && MADE_UP_NAME.matcher(recorded).matches()
        && MADE_UP_NAME.matcher(actual).matches();
  }

  private void compareTimes(String place, String recorded, String actual) {
    try {
      var off = Duration.between(Instant.parse(recorded), Instant.parse(actual)).abs();
      if (off.compareTo(TIME_OFF_MOST) > 0) {
        differs(place, "a time %d s off".formatted(off.toSeconds()));
      }
    } catch (DateTimeParseException notOne) {
      if (!recorded.equals(actual)) {
        differs(place, "'%s' instead of the time '%s'".formatted(actual, recorded));
      }
    }
  }

  private void compareNumbers(String place, String field, JsonNode recorded, JsonNode actual) {
    if (recorded.isIntegralNumber() != actual.isIntegralNumber()) {
      differs(place, "%s instead of %s".formatted(actual, recorded));
    } else if (!MEASURED.contains(field) && recorded.doubleValue() != actual.doubleValue()) {
      differs(place, "%s instead of %s".formatted(actual, recorded));
    }
  }

  private static String brief(JsonNode node) {
    var text = node.toString();
    return text.length() <= 60 ? text : text.substring(0, 60) + "…";
  }
}
