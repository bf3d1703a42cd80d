package io.sluice.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** As much of PromQL as it takes to find which series an expression asks for. */
final class PromQl {
  private static final Pattern QUOTED = Pattern.compile("\"[^\"]*\"");
  private static final Pattern GROUPING =
      Pattern.compile("\\b(?:by|without|on|ignoring|group_left|group_right)\\s*\\(([^)]*)\\)");
  private static final Pattern RANGE = Pattern.compile("\\[[^]]*]");
  private static final Pattern NAME =
      Pattern.compile("\\b([a-zA-Z_:][\\w:]*)(?:\\{([^}]*)})?(\\s*\\()?");
  private static final Pattern LABEL = Pattern.compile("(\\w+)\\s*(?:=~|!~|!=|=)");
  private static final Set<String> WORDS =
      Set.of("and", "or", "unless", "bool", "offset", "inf", "nan");

  /** A metric with the labels by which some of its series are chosen. */
  record Selector(String metric, Set<String> labels) {}

  private PromQl() {}

  static List<Selector> selectors(String expression) {
    var bare = QUOTED.matcher(expression).replaceAll("");
    bare = RANGE.matcher(GROUPING.matcher(bare).replaceAll(" ")).replaceAll("");
    var selectors = new ArrayList<Selector>();
    NAME.matcher(bare)
        .results()
        .filter(found -> found.group(3) == null && !WORDS.contains(found.group(1)))
        .forEach(found -> selectors.add(new Selector(found.group(1), labels(found.group(2)))));
    return selectors;
  }

  /** The labels that an expression groups by. */
  static Set<String> groups(String expression) {
    var groups = new TreeSet<String>();
    GROUPING
        .matcher(QUOTED.matcher(expression).replaceAll(""))
        .results()
        .forEach(found -> groups.addAll(List.of(found.group(1).strip().split("\\s*,\\s*"))));
    return groups;
  }

  private static Set<String> labels(String matchers) {
    var labels = new TreeSet<String>();
    if (matchers != null) {
      LABEL.matcher(matchers).results().forEach(found -> labels.add(found.group(1)));
    }
    return labels;
  }
}
