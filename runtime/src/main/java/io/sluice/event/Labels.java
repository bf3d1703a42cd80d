package io.sluice.event;

import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Labels that a resource must have (Prefect 3.8.8, server/events/schemas/events.py
 * ResourceSpecification): each one of some values, in which {@code *} and {@code ?} stand for
 * anything and for one character, and a leading {@code !} means all but this.
 */
public record Labels(Map<String, List<String>> wanted) {
  static final Labels ANY = new Labels(Map.of());

  public Labels {
    wanted = Map.copyOf(wanted);
  }

  /** A label that a resource lacks is not any value, nor is it all but one. */
  boolean match(Map<String, String> resource) {
    return wanted.entrySet().stream()
        .allMatch(
            label -> {
              var value = resource.get(label.getKey());
              return value != null
                  && label.getValue().stream().anyMatch(pattern -> matches(pattern, value));
            });
  }

  private static boolean matches(String pattern, String value) {
    boolean negated = pattern.startsWith("!");
    var glob = negated ? pattern.substring(1) : pattern;
    return negated != regex(glob).matcher(value).matches();
  }

  private static Pattern regex(String glob) {
    var regex = new StringBuilder();
    for (char c : glob.toCharArray()) {
      regex.append(c == '*' ? ".*" : c == '?' ? "." : Pattern.quote(String.valueOf(c)));
    }
    return Pattern.compile(regex.toString(), Pattern.DOTALL);
  }
}
