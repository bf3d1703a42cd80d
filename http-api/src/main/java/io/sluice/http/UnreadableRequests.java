package io.sluice.http;

import java.util.Map;
import java.util.regex.Pattern;
import org.apache.pekko.event.LoggingAdapter;
import org.apache.pekko.http.ParsingErrorHandler;
import org.apache.pekko.http.javadsl.model.ContentTypes;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.scaladsl.model.ErrorInfo;
import org.apache.pekko.http.scaladsl.model.StatusCode;
import org.apache.pekko.http.scaladsl.settings.ServerSettings;

/**
 * Answers what cannot be read as a request in the shape of all other answers. A path with a bare
 * percent sign is one at which there is nothing, as in Prefect 3.8.8, whose server takes such a
 * sign for itself: no name that can be part of a path has one. Pekko finds it by {@code
 * pekko.http.server.parsing.error-handler}.
 */
public final class UnreadableRequests extends ParsingErrorHandler {
  /** The only one, under the name that Pekko looks for. */
  public static final UnreadableRequests MODULE$ = new UnreadableRequests();

  private static final int NOT_FOUND = 404;

  private static final Pattern BARE_PERCENT =
      Pattern.compile("^Illegal request-target: .*expected HEXDIG \\(line 1, column (\\d+)\\)");

  private UnreadableRequests() {}

  /** Says the summary only: the details quote what was sent, which may be a password. */
  @Override
  public HttpResponse handle(
      StatusCode status, ErrorInfo error, LoggingAdapter log, ServerSettings settings) {
    boolean missing = hasBarePercentInPath(error);
    int answered = missing ? NOT_FOUND : status.intValue();
    log.warning("A request was answered {}: {}", answered, error.summary());
    var detail = missing ? "Not Found" : "" + error.summary();
    return HttpResponse.create()
        .withStatus(answered)
        .withEntity(ContentTypes.APPLICATION_JSON, Json.write(Map.of("detail", detail)));
  }

  /** The details begin with the line that was sent. */
  private static boolean hasBarePercentInPath(ErrorInfo error) {
    var problem = BARE_PERCENT.matcher("" + error.summary());
    if (!problem.find()) {
      return false;
    }
    int query = ("" + error.detail()).indexOf('?');
    return query < 0 || Integer.parseInt(problem.group(1)) <= query;
  }
}
