package io.sluice.http;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;

/**
 * The request is not of its form. Answered 422 in the shape of Prefect 3.8.8 (a list of {@code
 * type, loc, msg, input}), of which its client prints the {@code msg}s.
 */
public final class Invalid extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /**
   * One thing that is wrong.
   *
   * @param type machine-readable kind, as pydantic 2 names it
   * @param loc where, beginning with {@code body}, {@code path} or {@code query}
   */
  public record Error(
      String type, List<Object> loc, String msg, JsonNode input, Map<String, Object> ctx) {}

  private final transient List<Error> errors;
  private final transient JsonNode body;

  Invalid(List<Error> errors, JsonNode body) {
    super("invalid request", null, false, false);
    this.errors = errors;
    this.body = body;
  }

  static Invalid because(String type, String message) {
    return new Invalid(List.of(new Error(type, List.of("body"), message, null, Map.of())), null);
  }

  /** One wrong field of the body. */
  public static Invalid field(String field, String type, String message, JsonNode input) {
    return new Invalid(
        List.of(new Error(type, List.of("body", field), message, input, Map.of())), null);
  }

  List<Error> errors() {
    return errors;
  }

  JsonNode body() {
    return body;
  }
}
