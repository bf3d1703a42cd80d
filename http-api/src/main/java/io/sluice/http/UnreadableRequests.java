package io.sluice.http;

import java.util.Map;
import org.apache.pekko.event.LoggingAdapter;
import org.apache.pekko.http.ParsingErrorHandler;
import org.apache.pekko.http.javadsl.model.ContentTypes;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.scaladsl.model.ErrorInfo;
import org.apache.pekko.http.scaladsl.model.StatusCode;
import org.apache.pekko.http.scaladsl.settings.ServerSettings;

/**
 * Answers what cannot be read as a request, such as a path with a bare percent sign, in the shape
 * of all other answers. Pekko finds it by {@code pekko.http.server.parsing.error-handler}.
 */
public final class UnreadableRequests extends ParsingErrorHandler {
  /** The only one, under the name that Pekko looks for. */
  public static final UnreadableRequests MODULE$ = new UnreadableRequests();

  private UnreadableRequests() {}

  /** Says the summary only: the details quote what was sent, which may be a password. */
  @Override
  public HttpResponse handle(
      StatusCode status, ErrorInfo error, LoggingAdapter log, ServerSettings settings) {
    log.warning("A request was answered {}: {}", status.intValue(), error.summary());
    return HttpResponse.create()
        .withStatus(status)
        .withEntity(
            ContentTypes.APPLICATION_JSON, Json.write(Map.of("detail", "" + error.summary())));
  }
}
