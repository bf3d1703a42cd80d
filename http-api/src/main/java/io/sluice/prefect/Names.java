package io.sluice.prefect;

import io.sluice.http.Body;
import java.util.Optional;
import java.util.regex.Pattern;

/** Names as Prefect 3.8.8 allows them (types/names.py). */
final class Names {
  private static final Pattern BANNED = Pattern.compile("[/%&><]");

  private static final Pattern BLANK = Pattern.compile("[' \"]*");
  private static final Pattern KEY = Pattern.compile("[a-z0-9-]*");

  /** Longer names are refused: they are unique keys in the store. */
  static final int LENGTH_MAX = 500;

  private Names() {}

  /** The field {@code name} as a name; what is wrong with it is noted in {@code body}. */
  static Optional<String> optional(Body body, String field) {
    var name = body.text(field, LENGTH_MAX);
    name.ifPresent(text -> check(body, field, text));
    return name;
  }

  static String required(Body body, String field) {
    return body.required(field, optional(body, field), "-");
  }

  /** A name that is more than blanks and quotes. */
  static String nonEmptyish(Body body, String field) {
    var name = required(body, field);
    if (BLANK.matcher(name).matches()) {
      body.wrong(field, "value_error", "name cannot be an empty string");
    }
    return name;
  }

  /** A key: lower case letters, digits and dashes. */
  static Optional<String> key(Body body, String field) {
    var key = body.text(field, LENGTH_MAX);
    if (key.isPresent() && !KEY.matcher(key.get()).matches()) {
      body.wrong(
          field,
          "value_error",
          field + " must only contain lowercase letters, numbers, and dashes.");
    }
    return key;
  }

  private static void check(Body body, String field, String name) {
    if (BANNED.matcher(name).find()) {
      body.wrong(
          field,
          "value_error",
          "Name '%s' contains an invalid character. Must not contain any of: / %% & > <."
              .formatted(name));
    } else if (name.isEmpty()) {
      body.wrong(field, "string_too_short", "String should have at least 1 character");
    }
  }
}
