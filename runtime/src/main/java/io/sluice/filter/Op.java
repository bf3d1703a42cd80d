package io.sluice.filter;

/** What a filter can ask of a field. */
public enum Op {
  /** Is one of a list; of an empty list nothing is. */
  ANY,
  /** Is none of a list. */
  NOT_ANY,
  /** Has all of a list. */
  ALL,
  /** Is null, or has none; or not. */
  IS_NULL,
  /**
   * Contains a text, in any case; {@code %} in it stands for any characters, {@code _} for any one.
   */
  LIKE,
  /** Starts with one of a list, read in the same way; an empty list asks nothing. */
  STARTS_WITH,
  /** Is at or before a time. */
  BEFORE,
  /** Is at or after a time. */
  AFTER,
  /** Is at least a number. */
  GE,
  /** Is at most a number. */
  LE,
  /** Is so. */
  EQ,
  /** Exists, or not. */
  EXISTS,
  /** Matches words. */
  QUERY,
  /** Has one of a list of ids. */
  ID,
  /** Is of one of a list of types. */
  TYPE
}
