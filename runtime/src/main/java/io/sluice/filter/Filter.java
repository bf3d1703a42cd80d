package io.sluice.filter;

import java.util.List;

/** A filter of one kind of object, with fields as {@link Kind} names them. */
public sealed interface Filter {

  /** All parts hold; without parts everything does. */
  record All(List<Filter> parts) implements Filter {}

  /** One of the parts holds; without parts everything does. */
  record Any(List<Filter> parts) implements Filter {}

  /**
   * One question about one field.
   *
   * @param field its path, such as {@code state.type}
   * @param value of the kind the field has: a list for {@link Op#ANY} and its like
   */
  record Test(String field, Op op, Object value) implements Filter {}

  static Filter everything() {
    return new All(List.of());
  }
}
