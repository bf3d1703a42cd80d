package io.sluice.http;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/**
 * What a request is answered.
 *
 * @param body written as JSON; {@link #EMPTY} for no body at all, null for JSON {@code null}
 */
public record Answer(int status, Object body, Map<String, String> headers) {
  /** No body, as with 204. */
  public static final Object EMPTY = new Object();

  public static Answer ok(Object body) {
    return new Answer(200, body, Map.of());
  }

  public static Answer created(Object body) {
    return new Answer(201, body, Map.of());
  }

  public static Answer noContent() {
    return new Answer(204, EMPTY, Map.of());
  }

  /** Text that is not JSON. */
  public static Answer text(String text) {
    return text("text/plain; charset=UTF-8", text);
  }

  /**
   * The same in a format of its own.
   *
   * @param type its media type, such as {@code text/csv; charset=UTF-8}
   */
  public static Answer text(String type, String text) {
    return new Answer(200, new Text(type, text), Map.of());
  }

  /**
   * Text that comes in parts, so that no more than one of them is in memory.
   *
   * @param type its media type, such as {@code text/csv; charset=UTF-8}
   * @param next the next part each time it is asked; empty at the end. A failure cuts the body off.
   */
  public static Answer parts(String type, Supplier<CompletableFuture<Optional<String>>> next) {
    return new Answer(200, new Parts(type, next), Map.of());
  }

  /** A body that comes in parts. */
  record Parts(String type, Supplier<CompletableFuture<Optional<String>>> next) {}

  /** A body that is not JSON. */
  public record Text(String type, String text) {}

  /** {@code {"detail": detail}}, Prefect's shape for errors. */
  public static Answer detail(int status, String detail) {
    return new Answer(status, Map.of("detail", detail), Map.of());
  }

  /** {@code {"exception_message": what}}, its shape for what no route has answered. */
  public static Answer exception(int status, String what) {
    return new Answer(status, Map.of("exception_message", what), Map.of());
  }

  public Answer with(String header, String value) {
    var all = new java.util.LinkedHashMap<>(headers);
    all.put(header, value);
    return new Answer(status, body, all);
  }
}
