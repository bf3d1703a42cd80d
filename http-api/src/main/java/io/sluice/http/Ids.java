package io.sluice.http;

import java.util.Optional;
import java.util.UUID;

/** UUIDs in the spellings that Prefect 3.8.8 takes, and what it says of texts that are none. */
final class Ids {
  private static final String URN = "urn:uuid:";
  private static final int[] GROUPS = {8, 4, 4, 4, 12};

  private Ids() {}

  /** A UUID with or without hyphens, braces or {@code urn:uuid:}; empty if it is none. */
  static Optional<UUID> id(String text) {
    var bare = text.substring(start(text));
    if (isBraced(text)) {
      bare = bare.substring(0, bare.length() - 1);
    }
    var spelled = bare.length() == 32 ? hyphenated(bare) : bare;
    try {
      // fromString also takes groups of other lengths, and makes other ids of them.
      return Optional.of(UUID.fromString(spelled))
          .filter(id -> id.toString().equalsIgnoreCase(spelled));
    } catch (IllegalArgumentException notOne) {
      return Optional.empty();
    }
  }

  private static boolean isBraced(String text) {
    return text.startsWith("{") && text.endsWith("}") && text.length() > 1;
  }

  /** Where the digits begin. */
  private static int start(String text) {
    return isBraced(text) ? 1 : text.startsWith(URN) ? URN.length() : 0;
  }

  private static String hyphenated(String text) {
    return String.join(
        "-",
        text.substring(0, 8),
        text.substring(8, 12),
        text.substring(12, 16),
        text.substring(16, 20),
        text.substring(20));
  }

  /** Why a text is no UUID, as pydantic 2 says it. */
  static String whyNone(String text) {
    int end = isBraced(text) ? text.length() - 1 : text.length();
    for (int at = start(text); at < end; at++) {
      char c = text.charAt(at);
      if (c != '-' && (c > 'f' || Character.digit(c, 16) < 0)) {
        return "invalid character: found `%s` at %d"
            .formatted(Character.toString(text.codePointAt(at)), at);
      }
    }
    var groups = text.substring(start(text), end).split("-", -1);
    if (groups.length == 1) {
      return "invalid length: found %d".formatted(text.length());
    } else if (groups.length != GROUPS.length) {
      return "invalid group count: expected %d, found %d".formatted(GROUPS.length, groups.length);
    }
    for (int i = 0; i < GROUPS.length; i++) {
      if (groups[i].length() != GROUPS[i]) {
        return "invalid group length in group %d: expected %d, found %d"
            .formatted(i, GROUPS[i], groups[i].length());
      }
    }
    return "invalid length: found %d".formatted(text.length());
  }
}
