package io.sluice.http;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.List;
import java.util.Map;

/**
 * The request is not of its form. Answered 422 in the shape of Prefect 3.8.8 (a list of {@code
 * type, loc, msg, input}, and {@code ctx} for some), of which its client prints the {@code msg}s.
 */
public final class Invalid extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /**
   * One thing that is wrong.
   *
   * @param type machine-readable kind, as pydantic 2 names it
   * @param ctx what the message was made of; left out of the answer if there is nothing
   * @param loc where, beginning with {@code body}, {@code path} or {@code query}
   */
  public record Error(
      String type,
      List<Object> loc,
      String msg,
      JsonNode input,
      @JsonInclude(JsonInclude.Include.NON_EMPTY) Map<String, Object> ctx) {}

  private final transient List<Error> errors;
  private final transient JsonNode body;

  Invalid(List<Error> errors, JsonNode body) {
    super("invalid request", null, false, false);
    this.errors = errors;
    this.body = body;
  }

  static Invalid because(String type, String message) {
    return of(List.of("body"), Fault.of(type, message), null);
  }

  /**
   * A text that is no JSON.
   *
   * @param at how many characters of it are
   */
  static Invalid notJson(String text, int at, String why) {
    var fault = new Fault("json_invalid", "JSON decode error", Map.of("error", why));
    var empty = JsonNodeFactory.instance.objectNode();
    var error = new Error(fault.type(), List.of("body", at), fault.message(), empty, fault.ctx());
    return new Invalid(List.of(error), JsonNodeFactory.instance.textNode(text));
  }

  /** One wrong part of the path. */
  public static Invalid inPath(String name, Fault fault, String input) {
    return of(List.of("path", name), fault, JsonNodeFactory.instance.textNode(input));
  }

  private static Invalid of(List<Object> loc, Fault fault, JsonNode input) {
    var error = new Error(fault.type(), loc, fault.message(), input, fault.ctx());
    return new Invalid(List.of(error), null);
  }

  List<Error> errors() {
    return errors;
  }

  JsonNode body() {
    return body;
  }
}
