package io.sluice.http;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.sluice.rejection.Refused;
import io.sluice.rejection.Rejection;
import io.sluice.store.StoreUnavailable;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The only place that turns what went wrong into statuses and error bodies: bad requests, refusals,
 * an unavailable store, bugs.
 */
public final class Problems {
  private static final Logger LOG = LoggerFactory.getLogger(Problems.class);
  private static final String RETRY_AFTER_SECONDS = "1";

  private final Function<Rejection, Answer> refusals;

  /**
   * @param refusals the answer to a rule's refusal, in the words of the dialect spoken
   */
  public Problems(Function<Rejection, Answer> refusals) {
    this.refusals = refusals;
  }

  Answer answer(Throwable problem, Call call) {
    var cause = problem;
    while (cause instanceof CompletionException && cause.getCause() != null) {
      cause = cause.getCause();
    }
    if (cause instanceof Refused refused) {
      return refusals.apply(refused.why());
    } else if (cause instanceof Invalid invalid) {
      return invalid(invalid);
    } else if (cause instanceof Plain plain) {
      return plain.answer();
    } else if (cause instanceof NoRoute) {
      return Answer.detail(404, "Not Found");
    } else if (cause instanceof Router.WrongMethod) {
      return Answer.detail(405, "Method Not Allowed");
    } else if (cause instanceof StoreUnavailable || cause instanceof TimeoutException) {
      LOG.warn("{} {} answered 503: {}", call.method(), call.path(), cause.toString());
      return unavailable(cause);
    } else if (cause instanceof CancellationException) {
      // The client has gone, or hears it because the server stops.
      return unavailable(cause);
    }
    LOG.error("{} {} failed", call.method(), call.path(), cause);
    return Answer.exception(500, "Internal Server Error");
  }

  private static Answer unavailable(Throwable cause) {
    var why = cause.getMessage() == null ? "no answer in time" : cause.getMessage();
    return new Answer(
            503, Map.of("exception_message", "Service Unavailable", "detail", why), Map.of())
        .with("Retry-After", RETRY_AFTER_SECONDS);
  }

  private static Answer invalid(Invalid invalid) {
    var body = new LinkedHashMap<String, Object>();
    body.put("exception_message", "Invalid request received.");
    body.put("exception_detail", invalid.errors());
    body.put(
        "request_body",
        invalid.body() == null ? JsonNodeFactory.instance.nullNode() : invalid.body());
    return new Answer(422, body, Map.of());
  }
}
