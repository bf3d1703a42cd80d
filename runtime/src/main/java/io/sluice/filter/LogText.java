package io.sluice.filter;

import static org.jooq.impl.DSL.concat;
import static org.jooq.impl.DSL.field;
import static org.jooq.impl.DSL.inline;
import static org.jooq.impl.DSL.lower;
import static org.jooq.impl.DSL.name;
import static org.jooq.impl.DSL.noCondition;
import static org.jooq.impl.DSL.position;

import io.sluice.event.TextSearch;
import org.jooq.Condition;
import org.jooq.Field;

/**
 * Words in the lines of logs: in the message or in the name of the logger, in any case (Prefect
 * 3.8.8, server/schemas/filters.py LogFilterTextSearch).
 */
final class LogText {
  private static final Field<String> SEARCHED =
      lower(
          concat(
              field(name("log", "message"), String.class),
              inline(" "),
              field(name("log", "name"), String.class)));

  private LogText() {}

  static FilterField ofLogs() {
    return new FilterField("text", FilterField.Type.TEXT)
        .with(Op.QUERY, query -> matches(TextSearch.parse((String) query)));
  }

  private static Condition matches(TextSearch search) {
    var found = search.any().stream().map(LogText::has).reduce(Condition::or).orElse(noCondition());
    for (var word : search.none()) {
      found = found.andNot(has(word));
    }
    for (var word : search.all()) {
      found = found.and(has(word));
    }
    return found;
  }

  private static Condition has(String word) {
    return position(SEARCHED, word).gt(0);
  }
}
