package io.sluice.filter;

import static org.jooq.impl.DSL.field;
import static org.jooq.impl.DSL.name;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jooq.SortField;
import org.jooq.SortOrder;

/**
 * Columns that a filter gives one value and that therefore may be sorted by first without a change
 * of the order. H2 takes an index such as (state_type, start_or_expected) for the order only if all
 * of its columns are sorted by; otherwise it reads and sorts all that fit to show one page.
 * PostgreSQL does without the hint and is not disturbed by it.
 */
final class Leads {
  /**
   * A field by which an index finds objects.
   *
   * @param sorted columns that an index has after that of the field; none if there are too few
   *     objects of one value to need it
   */
  private record Lead(String path, String column, Set<String> sorted) {
    static Lead rare(String path) {
      return new Lead(path, path, Set.of());
    }
  }

  private static final String START = "start_or_expected";
  private static final String EXPECTED = "expected_start_time";
  private static final Lead STATE = new Lead("state.type", "state_type", Set.of(START, EXPECTED));

  /** The fields with the fewest objects of one value come first. */
  private static final Map<Kind, List<Lead>> OF_KIND =
      Map.of(
          Kind.FLOW_RUN,
          List.of(
              Lead.rare("id"),
              Lead.rare("idempotency_key"),
              Lead.rare("parent_task_run_id"),
              Lead.rare("name"),
              new Lead("deployment_id", "deployment_id", Set.of(START)),
              STATE),
          Kind.TASK_RUN,
          List.of(Lead.rare("id"), Lead.rare("flow_run_id"), Lead.rare("name"), STATE));

  private Leads() {}

  /** What {@code query} may be sorted by before {@code by}, if that helps. */
  static Optional<SortField<?>> of(Query query, SortField<?> by) {
    var own = query.filters().get(query.kind());
    if (own == null) {
      return Optional.empty();
    }
    return OF_KIND.getOrDefault(query.kind(), List.of()).stream()
        .filter(lead -> wanted(own, lead.path()).isPresent())
        .findFirst()
        .filter(lead -> lead.sorted().contains(by.getName()))
        .filter(lead -> wanted(own, lead.path()).orElseThrow().size() == 1)
        .map(lead -> first(query.kind(), lead.column(), by.getOrder()));
  }

  private static SortField<?> first(Kind kind, String column, SortOrder order) {
    return field(name(Relations.tableOf(kind), column)).sort(order);
  }

  /** The values of which all that fit have one, if there are such. */
  private static Optional<Collection<?>> wanted(Filter filter, String path) {
    if (filter instanceof Filter.Test test) {
      return test.op() == Op.ANY && test.field().equals(path)
          ? Optional.of((Collection<?>) test.value())
          : Optional.empty();
    }
    return filter instanceof Filter.All all
        ? all.parts().stream().flatMap(part -> wanted(part, path).stream()).findFirst()
        : Optional.empty();
  }
}
