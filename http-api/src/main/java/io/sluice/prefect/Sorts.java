package io.sluice.prefect;

import io.sluice.filter.Kind;
import io.sluice.filter.Listings;
import io.sluice.http.Body;
import java.util.List;
import java.util.TreeSet;

/** The {@code sort} of a listing. */
final class Sorts {
  private Sorts() {}

  /** {@code otherwise} if it is absent or null; anything that is no order is noted as wrong. */
  static String of(Body body, Kind kind, String otherwise) {
    var known = new TreeSet<>(Listings.sorts(kind).keySet());
    return body.choice("sort", List.copyOf(known)).orElse(otherwise);
  }
}
