package io.sluice.load.compare;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/**
 * An answer, or what is known of none.
 *
 * @param status 0 if no answer came
 * @param retryAfter the header, null if absent
 * @param maintenance whether the server says that it is in maintenance
 * @param body of the answer, or why none came
 */
record Answer(int status, String retryAfter, boolean maintenance, byte[] body) {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int LOCKED = 423;
  private static final int EXCERPT = 200;

  static Answer lost(IOException why) {
    return new Answer(0, null, false, why.toString().getBytes(StandardCharsets.UTF_8));
  }

  boolean isSuccess() {
    return status / 100 == 2;
  }

  /** Whether it says that there is no slot. */
  boolean isLocked() {
    return status == LOCKED;
  }

  /** A missing node if it is no JSON. */
  JsonNode json() {
    try {
      return body.length == 0 ? MissingNode.getInstance() : JSON.readTree(body);
    } catch (IOException noJson) {
      return MissingNode.getInstance();
    }
  }

  /** Its kind in the count of errors: a status, or {@code unanswered}. */
  String kind() {
    return status == 0 ? "unanswered" : String.valueOf(status);
  }

  String excerpt() {
    var text = new String(body, StandardCharsets.UTF_8);
    return text.length() <= EXCERPT ? text : text.substring(0, EXCERPT) + "…";
  }
}
