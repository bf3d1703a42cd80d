package io.sluice.prefect;

import io.sluice.filter.Filter;
import io.sluice.filter.FilterField;
import io.sluice.filter.Kind;
import io.sluice.filter.Op;
import io.sluice.filter.Query;
import io.sluice.http.Body;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Reads filters as Prefect's client writes them: fields, operators ending in an underscore, and
 * {@code operator} for how siblings combine.
 */
final class FilterBody {
  private static final int QUERY_MAX = 200;

  private static final Map<Op, String> OPERATORS =
      new EnumMap<>(
          Map.ofEntries(
              Map.entry(Op.ANY, "any_"),
              Map.entry(Op.NOT_ANY, "not_any_"),
              Map.entry(Op.ALL, "all_"),
              Map.entry(Op.IS_NULL, "is_null_"),
              Map.entry(Op.LIKE, "like_"),
              Map.entry(Op.STARTS_WITH, "startswith_"),
              Map.entry(Op.BEFORE, "before_"),
              Map.entry(Op.AFTER, "after_"),
              Map.entry(Op.GE, "ge_"),
              Map.entry(Op.LE, "le_"),
              Map.entry(Op.EQ, "eq_"),
              Map.entry(Op.EXISTS, "exists_"),
              Map.entry(Op.QUERY, "query"),
              Map.entry(Op.ID, "id_"),
              Map.entry(Op.TYPE, "type_")));

  /**
   * The kinds under the names that bodies of queries for runs, tasks, flows and deployments use.
   */
  private static final Map<String, Kind> JOINED =
      Map.of(
          "flows", Kind.FLOW,
          "flow_runs", Kind.FLOW_RUN,
          "task_runs", Kind.TASK_RUN,
          "deployments", Kind.DEPLOYMENT,
          "work_pools", Kind.WORK_POOL,
          "work_pool_queues", Kind.WORK_QUEUE);

  private FilterBody() {}

  /** A query for {@code kind} that may name filters of related kinds. */
  static Query joined(Body body, Kind kind) {
    var filters = new EnumMap<Kind, Filter>(Kind.class);
    JOINED.forEach((name, other) -> read(body, name, other).ifPresent(f -> filters.put(other, f)));
    // The CLI names queues so when it lists flows and pools.
    if (!filters.containsKey(Kind.WORK_QUEUE)) {
      read(body, "work_queues", Kind.WORK_QUEUE).ifPresent(f -> filters.put(Kind.WORK_QUEUE, f));
    }
    return new Query(kind, filters);
  }

  /** The same for a kind whose own filter has another name. */
  static Query joined(Body body, Kind kind, String name) {
    var joined = joined(body, kind);
    var filters = new EnumMap<Kind, Filter>(Kind.class);
    filters.putAll(joined.filters());
    read(body, name, kind).ifPresent(filter -> filters.put(kind, filter));
    return new Query(kind, filters);
  }

  /** A query for {@code kind} with the filter in the field {@code name}. */
  static Query alone(Body body, String name, Kind kind) {
    return new Query(
        kind, read(body, name, kind).<Map<Kind, Filter>>map(f -> Map.of(kind, f)).orElse(Map.of()));
  }

  /** A query for {@code kind} with a filter of each kind in the field of its name. */
  static Query named(Body body, Kind kind, Map<String, Kind> names) {
    var filters = new EnumMap<Kind, Filter>(Kind.class);
    names.forEach((name, other) -> read(body, name, other).ifPresent(f -> filters.put(other, f)));
    return new Query(kind, filters);
  }

  private static Optional<Filter> read(Body body, String name, Kind kind) {
    return body.object(name).map(filter -> filter(filter, kind, ""));
  }

  private static Filter filter(Body filter, Kind kind, String prefix) {
    var parts = new ArrayList<Filter>();
    for (var next : names(kind, prefix)) {
      var path = prefix + next;
      filter
          .object(next)
          .ifPresent(
              inner -> {
                var field = kind.fields().get(path);
                var part = field == null ? filter(inner, kind, path + ".") : tests(inner, field);
                parts.add(part);
              });
    }
    return end(filter, parts);
  }

  /** Fields directly below {@code prefix}: {@code state} stands for its parts. */
  private static List<String> names(Kind kind, String prefix) {
    return kind.fields().keySet().stream()
        .filter(path -> path.startsWith(prefix))
        .map(path -> path.substring(prefix.length()))
        .map(path -> path.contains(".") ? path.substring(0, path.indexOf('.')) : path)
        .distinct()
        .collect(Collectors.toList());
  }

  private static Filter tests(Body inner, FilterField field) {
    var parts = new ArrayList<Filter>();
    for (var op : field.ops()) {
      value(inner, OPERATORS.get(op), op, field)
          .ifPresent(value -> parts.add(new Filter.Test(field.path(), op, value)));
    }
    if (field.isPresentByDefault()) {
      return end(inner, presentByDefault(inner, field, parts));
    }
    return end(inner, parts);
  }

  /**
   * A field that is asked to be there unless something else is asked of it; asked to be missing, it
   * is asked nothing else (Prefect 3.8.8, schemas/filters.py TaskRunFilterFlowRunId).
   */
  private static List<Filter> presentByDefault(Body inner, FilterField field, List<Filter> asked) {
    var missing = new Filter.Test(field.path(), Op.IS_NULL, true);
    if (asked.contains(missing)) {
      return List.of(missing);
    }
    var present = new Filter.Test(field.path(), Op.IS_NULL, false);
    var others = asked.stream().filter(part -> !part.equals(present)).toList();
    boolean said = !others.isEmpty() || inner.has("is_null_") && inner.node("is_null_").isEmpty();
    return said ? others : List.of(present);
  }

  /** Whether one test of several suffices. */
  static boolean isAny(Body filter) {
    return filter
        .notNull("operator")
        .choice("operator", List.of("and_", "or_"))
        .map("or_"::equals)
        .orElse(false);
  }

  private static Filter end(Body object, List<Filter> parts) {
    boolean any = isAny(object);
    object.endNested();
    return any ? new Filter.Any(parts) : new Filter.All(parts);
  }

  private static Optional<Object> value(Body inner, String name, Op op, FilterField field) {
    return switch (op) {
      case IS_NULL, EXISTS, EQ -> inner.bool(name).map(Object.class::cast);
      // An empty text asks nothing.
      case LIKE -> inner.text(name).filter(text -> !text.isEmpty()).map(Object.class::cast);
      case QUERY -> inner.text(name, QUERY_MAX).map(Object.class::cast);
      case BEFORE, AFTER -> inner.time(name).map(Object.class::cast);
      case GE, LE -> inner.integer(name).map(Object.class::cast);
      case ANY, NOT_ANY, ALL -> list(inner, name, field);
      case ID -> inner.ids(name).map(Object.class::cast);
      case STARTS_WITH, TYPE -> Names.few(inner, name).map(Object.class::cast);
    };
  }

  private static Optional<Object> list(Body inner, String name, FilterField field) {
    if (field.type() == FilterField.Type.ID) {
      return inner.ids(name).map(Object.class::cast);
    }
    if (field.type() == FilterField.Type.STATE_TYPE) {
      return inner.choices(name, StateJson.TYPES).map(Object.class::cast);
    }
    var texts = field.path().equals("tags") ? Names.few(inner, name) : inner.texts(name);
    return texts.map(Object.class::cast);
  }
}
