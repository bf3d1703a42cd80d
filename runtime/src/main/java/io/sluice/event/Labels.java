package io.sluice.event;

import static java.util.stream.Collectors.toUnmodifiableMap;

import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Labels that a resource must have (Prefect 3.8.8, server/events/schemas/events.py
 * ResourceSpecification): each one of some values, in which {@code *} and {@code ?} stand for
 * anything and for one character, and a leading {@code !} means all but this.
 */
public final class Labels {
  static final Labels ANY = new Labels(Map.of());

  private final Map<String, List<Value>> wanted;

  public Labels(Map<String, List<String>> wanted) {
    this.wanted =
        wanted.entrySet().stream()
            .collect(
                toUnmodifiableMap(
                    Map.Entry::getKey, label -> label.getValue().stream().map(Value::of).toList()));
  }

  private record Value(Pattern pattern, boolean negated) {
    static Value of(String text) {
      boolean negated = text.startsWith("!");
      return new Value(regex(negated ? text.substring(1) : text), negated);
    }

    boolean matches(String value) {
      return negated != pattern.matcher(value).matches();
    }

    private static Pattern regex(String glob) {
      var regex = new StringBuilder();
      for (char c : glob.toCharArray()) {
        regex.append(c == '*' ? ".*" : c == '?' ? "." : Pattern.quote(String.valueOf(c)));
      }
      return Pattern.compile(regex.toString(), Pattern.DOTALL);
    }
  }

  boolean isEmpty() {
    return wanted.isEmpty();
  }

  /** A label that a resource lacks is not any value, nor is it all but one. */
  boolean match(Map<String, String> resource) {
    return wanted.entrySet().stream()
        .allMatch(
            label -> {
              var value = resource.get(label.getKey());
              return value != null && label.getValue().stream().anyMatch(v -> v.matches(value));
            });
  }
}
