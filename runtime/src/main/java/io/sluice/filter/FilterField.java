package io.sluice.filter;

import java.util.EnumMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jooq.Condition;

/**
 * A field that can be filtered by.
 *
 * @param path such as {@code state.type}
 * @param type of its values
 */
public final class FilterField {
  /** What values look like. */
  public enum Type {
    ID,
    TEXT,
    STATE_TYPE,
    TIME,
    INTEGER,
    FLAG
  }

  private final String path;
  private final Type type;
  private boolean presentByDefault;
  private final Map<Op, Function<Object, Condition>> tests = new EnumMap<>(Op.class);

  FilterField(String path, Type type) {
    this.path = path;
    this.type = type;
  }

  FilterField presentByDefault() {
    presentByDefault = true;
    return this;
  }

  /** Whether a filter that asks nothing of it asks for it to be there. */
  public boolean isPresentByDefault() {
    return presentByDefault;
  }

  FilterField with(Op op, Function<Object, Condition> test) {
    tests.put(op, test);
    return this;
  }

  public String path() {
    return path;
  }

  public Type type() {
    return type;
  }

  public Set<Op> ops() {
    return tests.keySet();
  }

  Condition test(Op op, Object value) {
    return tests.get(op).apply(value);
  }
}
