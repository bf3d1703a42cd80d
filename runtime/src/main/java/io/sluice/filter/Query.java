package io.sluice.filter;

import static org.jooq.impl.DSL.and;

import java.util.ArrayList;
import java.util.Map;
import org.jooq.Condition;

/**
 * What to list: objects of one kind that fit its filter and are related to objects that fit the
 * others'.
 *
 * @param filters by kind; a kind without one is not asked for
 */
public record Query(Kind kind, Map<Kind, Filter> filters) {

  /** The SQL. */
  public Condition condition() {
    var parts = new ArrayList<Condition>();
    for (var entry : filters.entrySet()) {
      var fits = entry.getKey().condition(entry.getValue());
      parts.add(entry.getKey() == kind ? fits : Relations.related(kind, entry.getKey(), fits));
    }
    return and(parts);
  }
}
