package io.sluice.prefect;

import io.sluice.http.Body;
import java.util.Optional;
import java.util.regex.Pattern;

/** Names as Prefect 3.8.8 allows them (types/names.py). */
final class Names {
  private static final Pattern BANNED = Pattern.compile("[/%&><]");

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
