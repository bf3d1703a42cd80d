package io.sluice.prefect;

import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Which id of Sluice stands for which id of the recording. */
final class RecordedIds {
  private static final Pattern ID =
      Pattern.compile("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}");

  private final Map<String, String> replayed;

  RecordedIds() {
    this(Map.of());
  }

  private RecordedIds(Map<String, String> replayed) {
    this.replayed = new HashMap<>(replayed);
  }

  /** What is learned by the copy is not learned by this. */
  RecordedIds copy() {
    return new RecordedIds(replayed);
  }

  static boolean isId(String text) {
    return ID.matcher(text).matches();
  }

  boolean knows(String recorded) {
    return replayed.containsKey(recorded);
  }

  /** The first that stands for it stays. */
  void learn(String recorded, String actual) {
    replayed.putIfAbsent(recorded, actual);
  }

  /** The text with all ids of the recording replaced that Sluice has others for. */
  String translate(String text) {
    return ID.matcher(text)
        .replaceAll(
            found -> Matcher.quoteReplacement(replayed.getOrDefault(found.group(), found.group())));
  }
}
