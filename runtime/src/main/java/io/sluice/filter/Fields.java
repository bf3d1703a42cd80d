package io.sluice.filter;

import static org.jooq.impl.DSL.exists;
import static org.jooq.impl.DSL.falseCondition;
import static org.jooq.impl.DSL.field;
import static org.jooq.impl.DSL.lower;
import static org.jooq.impl.DSL.name;
import static org.jooq.impl.DSL.noCondition;
import static org.jooq.impl.DSL.notExists;
import static org.jooq.impl.DSL.select;
import static org.jooq.impl.DSL.selectOne;

import io.sluice.filter.FilterField.Type;
import io.sluice.store.TagRows;
import java.time.Instant;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import org.jooq.Condition;
import org.jooq.Field;
import org.jooq.impl.DSL;

/** Builds the table of fields of one kind of object, stored in one table. */
final class Fields {
  private static final int FEW_TAGS = 20;

  private final String table;
  private final Map<String, FilterField> fields = new LinkedHashMap<>();

  Fields(String table) {
    this.table = table;
  }

  Map<String, FilterField> all() {
    return Map.copyOf(fields);
  }

  private <T> Field<T> column(String column, Class<T> type) {
    return field(name(table, column), type);
  }

  private Fields add(FilterField made) {
    fields.put(made.path(), made);
    return this;
  }

  Fields other(FilterField made) {
    return add(made);
  }

  Fields id(String path, String column, Op... ops) {
    return add(tested(new FilterField(path, Type.ID), column(column, UUID.class), ops));
  }

  /** An id that is not null unless something else is asked of it. */
  Fields idPresentByDefault(String path, String column) {
    var made = new FilterField(path, Type.ID).presentByDefault();
    return add(tested(made, column(column, UUID.class), Op.ANY, Op.IS_NULL));
  }

  Fields text(String path, String column, Op... ops) {
    return add(tested(new FilterField(path, Type.TEXT), column(column, String.class), ops));
  }

  Fields stateType(String path, String column) {
    return add(
        tested(
            new FilterField(path, Type.STATE_TYPE),
            column(column, String.class),
            Op.ANY,
            Op.NOT_ANY));
  }

  Fields flag(String path, String column) {
    var field = column(column, Boolean.class);
    return add(new FilterField(path, Type.FLAG).with(Op.EQ, value -> field.eq((Boolean) value)));
  }

  Fields number(String path, String column, Op... ops) {
    return add(tested(new FilterField(path, Type.INTEGER), column(column, Integer.class), ops));
  }

  Fields time(String path, String column, Op... ops) {
    return add(tested(new FilterField(path, Type.TIME), column(column, Instant.class), ops));
  }

  /**
   * A time.
   *
   * @param or the column that is compared: it has another time while {@code column} is null
   */
  Fields timeOr(String path, String column, String or) {
    var own = column(column, Instant.class);
    var either = column(or, Instant.class);
    return add(
        new FilterField(path, Type.TIME)
            .with(Op.BEFORE, value -> either.le((Instant) value))
            .with(Op.AFTER, value -> either.ge((Instant) value))
            .with(Op.IS_NULL, value -> isNull(own, (Boolean) value)));
  }

  Fields tags() {
    var id = column("id", UUID.class);
    return add(
        new FilterField("tags", Type.TEXT)
            .with(Op.ALL, value -> hasAll(id, (Collection<?>) value))
            .with(Op.ANY, value -> hasAny(id, (Collection<?>) value))
            .with(
                Op.IS_NULL,
                value -> {
                  var any = selectOne().from(TagRows.TAG).where(TagRows.ENTITY.eq(id));
                  return (Boolean) value ? notExists(any) : exists(any);
                }));
  }

  private static Condition hasAll(Field<UUID> id, Collection<?> tags) {
    var all = noCondition();
    for (var tag : tags) {
      all = all.and(hasAny(id, List.of(tag)));
    }
    return all;
  }

  /**
   * Few tags are looked for at each object in the order of the listing; of many, all who have one.
   */
  private static Condition hasAny(Field<UUID> id, Collection<?> tags) {
    if (tags.isEmpty()) {
      return falseCondition();
    }
    var any = TagRows.NAME.in(tags);
    return tags.size() > FEW_TAGS
        ? id.in(select(TagRows.ENTITY).from(TagRows.TAG).where(any))
        : exists(selectOne().from(TagRows.TAG).where(TagRows.ENTITY.eq(id)).and(any));
  }

  private static <T> FilterField tested(FilterField made, Field<T> column, Op... ops) {
    for (var op : ops) {
      made.with(op, value -> test(column, op, value));
    }
    return made;
  }

  @SuppressWarnings("unchecked") // the type of the field says what its values are
  static <T> Condition test(Field<T> column, Op op, Object value) {
    return switch (op) {
      case ANY ->
          ((Collection<T>) value).isEmpty() ? falseCondition() : column.in((Collection<T>) value);
      case NOT_ANY ->
          ((Collection<T>) value).isEmpty() ? noCondition() : column.notIn((Collection<T>) value);
      case IS_NULL -> isNull(column, (Boolean) value);
      case LIKE -> like((Field<String>) column, (String) value);
      case STARTS_WITH -> startsWith((Field<String>) column, (Collection<String>) value);
      case BEFORE, LE -> column.le((T) value);
      case AFTER, GE -> column.ge((T) value);
      case EQ -> column.eq((T) value);
      case EXISTS -> isNull(column, !(Boolean) value);
      case ALL, QUERY, ID, TYPE -> throw new IllegalArgumentException(op + " is not for a column");
    };
  }

  static Condition isNull(Field<?> column, boolean is) {
    return is ? column.isNull() : column.isNotNull();
  }

  /** Wildcards are only those of Prefect 3.8.8 on SQLite: a backslash is one like any other. */
  private static Condition matches(Field<String> column, String pattern) {
    return lower(column).like(pattern.toLowerCase(Locale.ROOT).replace("\\", "\\\\"), '\\');
  }

  static Condition like(Field<String> column, String part) {
    return matches(column, "%" + part + "%");
  }

  private static Condition startsWith(Field<String> column, Collection<String> prefixes) {
    return prefixes.isEmpty()
        ? noCondition()
        : DSL.or(prefixes.stream().map(prefix -> matches(column, prefix + "%")).toList());
  }
}
