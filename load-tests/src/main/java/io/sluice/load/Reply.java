package io.sluice.load;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * An answer.
 *
 * @param body a missing node if it is no JSON
 */
record Reply(int status, JsonNode body, String retryAfter, boolean maintenance) {
  private static final int EXCERPT = 200;

  boolean isSuccess() {
    return status / 100 == 2;
  }

  /** The field {@code name} of the body, null if it has none. */
  String text(String name) {
    return body.path(name).asText(null);
  }

  /** On a proposal: ACCEPT, REJECT, WAIT or ABORT. */
  String verdict() {
    return text("status");
  }

  /** Type of the state that the answer shows, null if none. */
  String stateType() {
    return body.path("state").path("type").asText(null);
  }

  String excerpt() {
    var text = body.toString();
    return text.length() <= EXCERPT ? text : text.substring(0, EXCERPT) + "…";
  }
}
