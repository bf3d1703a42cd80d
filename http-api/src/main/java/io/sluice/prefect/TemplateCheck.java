package io.sluice.prefect;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Checks the tags of a Jinja template: that they are closed, known, and properly within each other,
 * and that loops are few (Prefect 3.8.8, server/utilities/user_templates.py). What stands in the
 * tags is not parsed; an error in an expression goes unnoticed.
 */
final class TemplateCheck {
  private static final int LOOPS_MAX = 10;
  private static final int LOOPS_WITHIN_MAX = 2;

  private static final Pattern END_OF_RAW = Pattern.compile("\\{%[-+]?\\s*endraw\\b");

  private static final Pattern WORD = Pattern.compile("^[-+]?\\s*(\\w+)");

  /** Blocks by what ends them. */
  private static final Map<String, String> ENDS =
      Map.of(
          "endfor", "for",
          "endif", "if",
          "endset", "set",
          "endwith", "with",
          "endfilter", "filter",
          "endmacro", "macro",
          "endraw", "raw",
          "endautoescape", "autoescape");

  /** Tags that stand alone, and some within blocks. */
  private static final Set<String> SINGLE = Set.of("elif", "else", "do", "break", "continue");

  /**
   * What is wrong.
   *
   * @param line from 1; 0 for the template as a whole
   */
  record Problem(int line, String message) {}

  private final String template;
  private final Deque<String> open = new ArrayDeque<>();
  private int loops;
  private int deepest;

  private TemplateCheck(String template) {
    this.template = template;
  }

  /** The first problem; empty if there is none. */
  static Optional<Problem> problem(String template) {
    return new TemplateCheck(template).check();
  }

  private Optional<Problem> check() {
    int at = opening(0);
    while (at >= 0) {
      char kind = template.charAt(at + 1);
      int end = end(at + 2, kind);
      var inside = template.substring(at + 2, Math.min(end, template.length()));
      var problem = check(kind, inside, end, line(at));
      if (problem.isPresent()) {
        return problem;
      }
      at = opening("raw".equals(open.peek()) ? endOfRaw(end) : end + 2);
    }
    return unclosed().or(this::tooManyLoops);
  }

  /** Where {@code raw} ends; the length if it does not. */
  private int endOfRaw(int from) {
    var end = END_OF_RAW.matcher(template);
    return end.find(from) ? end.start() : template.length();
  }

  /** Where the next tag begins; -1 if there is none. */
  private int opening(int from) {
    for (int at = from; at + 1 < template.length(); at++) {
      if (template.charAt(at) == '{' && "{%#".indexOf(template.charAt(at + 1)) >= 0) {
        return at;
      }
    }
    return -1;
  }

  /** Where a tag ends: braces and quotes within it are skipped. The length if it does not. */
  private int end(int from, char kind) {
    if (kind == '#') {
      int end = template.indexOf("#}", from);
      return end < 0 ? template.length() : end;
    }
    var closing = closing(kind);
    int depth = 0;
    for (int at = from; at < template.length(); at++) {
      char c = template.charAt(at);
      if (depth == 0 && template.startsWith(closing, at)) {
        return at;
      } else if (c == '{') {
        depth++;
      } else if (c == '}' && depth > 0) {
        depth--;
      } else if (c == '"' || c == '\'') {
        int quote = template.indexOf(c, at + 1);
        at = quote < 0 ? template.length() : quote;
      }
    }
    return template.length();
  }

  private static String closing(char kind) {
    return kind == '{' ? "}}" : kind + "}";
  }

  private int line(int at) {
    return 1 + (int) template.substring(0, at).chars().filter(c -> c == '\n').count();
  }

  private Optional<Problem> check(char kind, String inside, int end, int line) {
    if (end >= template.length()) {
      var expected =
          Map.of(
              '{', "end of print statement", '%', "end of statement block", '#', "end of comment");
      return problem(
          line, "unexpected end of template, expected '%s'.".formatted(expected.get(kind)));
    } else if (kind == '{' && inside.isBlank()) {
      return problem(line, "Expected an expression, got 'end of print statement'");
    }
    return kind == '%' ? statement(inside, line) : Optional.empty();
  }

  private static Optional<Problem> problem(int line, String message) {
    return Optional.of(new Problem(line, message));
  }

  private Optional<Problem> statement(String inside, int line) {
    var word = WORD.matcher(inside);
    var name = word.find() ? word.group(1) : "";
    if (ENDS.containsValue(name)) {
      if (!name.equals("set") || !inside.contains("=")) {
        open.push(name);
      }
      if (name.equals("for")) {
        loops++;
        deepest = Math.max(deepest, (int) open.stream().filter("for"::equals).count());
      }
      return Optional.empty();
    } else if (name.equals("else") || name.equals("elif")) {
      return open.isEmpty() ? unknown(line, name) : Optional.empty();
    } else if (ENDS.containsKey(name)) {
      return ENDS.get(name).equals(open.peek()) ? closed() : unknown(line, name);
    }
    return SINGLE.contains(name) ? Optional.empty() : unknown(line, name);
  }

  private Optional<Problem> closed() {
    open.pop();
    return Optional.empty();
  }

  private static Optional<Problem> unknown(int line, String name) {
    return problem(line, "Encountered unknown tag '%s'.".formatted(name));
  }

  private Optional<Problem> unclosed() {
    return open.isEmpty()
        ? Optional.empty()
        : problem(
            line(template.length()),
            "Unexpected end of template: '%1$s' is not closed by 'end%1$s'."
                .formatted(open.peek()));
  }

  private Optional<Problem> tooManyLoops() {
    if (loops > LOOPS_MAX) {
      return problem(
          0,
          "Contains %d for loops. Templates can contain no more than %d for loops."
              .formatted(loops, LOOPS_MAX));
    } else if (deepest > LOOPS_WITHIN_MAX) {
      return problem(
          0,
          "Contains nested for loops at a depth of %d. Templates can nest for loops no more than %d"
                  .formatted(deepest, LOOPS_WITHIN_MAX)
              + " loops deep.");
    }
    return Optional.empty();
  }
}
