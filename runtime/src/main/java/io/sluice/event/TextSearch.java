package io.sluice.event;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * Words to look for, in any case (Prefect 3.8.8, server/utilities/text_search_parser.py): one of
 * the plain ones, none of those after {@code -} or {@code !}, all of those after {@code +}. Words
 * in double quotes belong together.
 */
public record TextSearch(List<String> any, List<String> none, List<String> all) {
  private static final Pattern TERM =
      Pattern.compile("([-!+]?)(?:\"((?:\\\\.|[^\"\\\\])*)\"?|([^\\s\"]+))");

  static final TextSearch NOTHING = new TextSearch(List.of(), List.of(), List.of());

  public static TextSearch parse(String query) {
    var any = new ArrayList<String>();
    var none = new ArrayList<String>();
    var all = new ArrayList<String>();
    var term = TERM.matcher(query);
    while (term.find()) {
      var quoted = term.group(2);
      var word = quoted == null ? term.group(3) : quoted.replaceAll("\\\\([\"\\\\])", "$1");
      // A sign on its own is no word.
      if (!word.isBlank() && !word.matches("[-!+]")) {
        var into = term.group(1).isEmpty() ? any : term.group(1).equals("+") ? all : none;
        into.add(word.toLowerCase(Locale.ROOT));
      }
    }
    return new TextSearch(List.copyOf(any), List.copyOf(none), List.copyOf(all));
  }

  boolean isEmpty() {
    return any.isEmpty() && none.isEmpty() && all.isEmpty();
  }

  boolean matches(Event event) {
    if (isEmpty()) {
      return true;
    }
    var text = new StringBuilder(event.event());
    event.resource().values().forEach(value -> text.append(' ').append(value));
    event.related().forEach(r -> r.values().forEach(value -> text.append(' ').append(value)));
    var searched = text.append(' ').append(event.payload()).toString().toLowerCase(Locale.ROOT);
    return (any.isEmpty() || any.stream().anyMatch(searched::contains))
        && none.stream().noneMatch(searched::contains)
        && all.stream().allMatch(searched::contains);
  }
}
