package io.sluice.prefect;

import io.sluice.http.Body;
import io.sluice.http.Plain;

/**
 * Which part of a listing is asked for: {@code limit} up to 200, 200 if absent, and {@code offset}
 * (Prefect 3.8.8, server/api/dependencies.py LimitBody).
 */
record Page(int limit, int offset) {
  static final int LIMIT_MAX = 200;

  static Page of(Body body) {
    int limit = body.integer("limit").orElse(LIMIT_MAX);
    int offset = body.integer("offset", 0, Integer.MAX_VALUE).orElse(0);
    if (limit < 0) {
      throw new Plain(422, "Invalid limit: must be greater than or equal to 0.");
    } else if (limit > LIMIT_MAX) {
      throw new Plain(422, "Invalid limit: must be less than or equal to 200.");
    }
    return new Page(limit, offset);
  }
}
