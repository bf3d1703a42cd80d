package io.sluice.prefect;

import io.sluice.http.Body;

/** A part of a listing asked for by its number, the first being 1. */
record PageNumber(int page, int limit) {

  static PageNumber of(Body body) {
    int page = body.integer("page", 1, Integer.MAX_VALUE).orElse(1);
    return new PageNumber(page, Page.of(body).limit());
  }

  /** Bounded so that it stays a number. */
  int offset() {
    return (int) Math.min(Integer.MAX_VALUE, (page - 1L) * limit);
  }

  /** How many pages {@code count} objects are. */
  int pages(int count) {
    return limit == 0 ? 0 : (count + limit - 1) / limit;
  }
}
