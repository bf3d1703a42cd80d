package io.sluice.http;

import com.typesafe.config.Config;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.NotUsed;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.http.javadsl.Http;
import org.apache.pekko.http.javadsl.ServerBinding;
import org.apache.pekko.http.javadsl.model.ContentTypes;
import org.apache.pekko.http.javadsl.model.HttpEntity;
import org.apache.pekko.http.javadsl.model.HttpHeader;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.headers.RawHeader;
import org.apache.pekko.stream.Materializer;
import org.apache.pekko.stream.SystemMaterializer;
import org.apache.pekko.stream.javadsl.Flow;
import org.apache.pekko.stream.javadsl.Sink;

/**
 * Serves a {@link Router} over HTTP/1.1. Each connection handles one request at a time and tells
 * held requests when its client has gone.
 */
public final class Server {
  private final ActorSystem<?> system;
  private final Materializer materializer;
  private final Router router;
  private final Problems problems;
  private final String prefix;
  private final long contentMax;
  private final Duration bodyWithin;

  /**
   * @param prefix the path below which the routes are, such as {@code /api}
   * @param config {@code sluice.http}
   */
  public Server(
      ActorSystem<?> system, Router router, Problems problems, String prefix, Config config) {
    this.system = system;
    this.materializer = SystemMaterializer.get(system).materializer();
    this.router = router;
    this.problems = problems;
    this.prefix = prefix;
    this.contentMax = config.getBytes("body-max");
    this.bodyWithin = config.getDuration("body-within");
  }

  /** Listens on {@code host:port}; port 0 takes a free one. */
  public CompletionStage<ServerBinding> bind(String host, int port) {
    return Http.get(system)
        .newServerAt(host, port)
        .connectionSource()
        .to(
            Sink.foreach(
                incoming ->
                    incoming.handleWith(
                        connectionFlow(
                            new Connection(incoming.remoteAddress().getAddress().getHostAddress())),
                        materializer)))
        .run(materializer);
  }

  private Flow<HttpRequest, HttpResponse, NotUsed> connectionFlow(Connection connection) {
    return Flow.of(HttpRequest.class)
        .watchTermination(
            (unused, done) -> {
              done.whenCompleteAsync((end, failure) -> connection.closed(), Runnable::run);
              return unused;
            })
        .mapAsync(1, request -> handle(request, connection));
  }

  private CompletableFuture<HttpResponse> handle(HttpRequest request, Connection connection) {
    if (request.entity() instanceof HttpEntity.Strict strict) {
      return handle(request, strict.getData().toArray(), connection);
    }
    var whole = new CompletableFuture<HttpResponse>();
    request
        .entity()
        .toStrict(bodyWithin.toMillis(), contentMax, materializer)
        .whenCompleteAsync(
            (strict, failure) -> {
              if (failure != null) {
                whole.complete(response(Answer.detail(413, tooLarge())));
              } else {
                handle(request, strict.getData().toArray(), connection).thenAccept(whole::complete);
              }
            },
            Runnable::run);
    return whole;
  }

  private String tooLarge() {
    return "The body is larger than %d bytes or did not arrive within %d s."
        .formatted(contentMax, bodyWithin.toSeconds());
  }

  private CompletableFuture<HttpResponse> handle(
      HttpRequest request, byte[] content, Connection connection) {
    var path = segments(request);
    var method = request.method().value();
    var call =
        new Call(
            method,
            request.getUri().path(),
            Map.of(),
            Map.of(),
            request.getHeaders(),
            content,
            connection);
    CompletableFuture<Answer> answer;
    try {
      var match = router.match(method, below(path));
      call =
          new Call(
              method,
              request.getUri().path(),
              match.parameters(),
              query(request),
              request.getHeaders(),
              content,
              connection);
      answer = match.handler().handle(call);
    } catch (RuntimeException problem) {
      answer = CompletableFuture.failedFuture(problem);
    }
    var handled = call;
    return answer
        .exceptionally(problem -> problems.answer(problem, handled))
        .thenApply(Server::response);
  }

  private List<String> below(List<String> path) {
    if (path.isEmpty() || !path.get(0).equals(prefix.substring(1))) {
      throw new NoRoute();
    }
    return path.subList(1, path.size());
  }

  private static List<String> segments(HttpRequest request) {
    var segments = new ArrayList<String>();
    for (var segment : request.getUri().pathSegments()) {
      if (!segment.isEmpty()) {
        segments.add(segment);
      }
    }
    return segments;
  }

  private static Map<String, List<String>> query(HttpRequest request) {
    if (request.getUri().rawQueryString().isEmpty()) {
      return Map.of();
    }
    Map<String, List<String>> query = new HashMap<>();
    for (var pair : request.getUri().query().toList()) {
      query.computeIfAbsent(pair.first(), name -> new ArrayList<>()).add(pair.second());
    }
    return query;
  }

  private static HttpResponse response(Answer answer) {
    var response = HttpResponse.create().withStatus(answer.status());
    if (!answer.headers().isEmpty()) {
      List<HttpHeader> headers = new ArrayList<>();
      answer.headers().forEach((name, value) -> headers.add(RawHeader.create(name, value)));
      response = response.withHeaders(headers);
    }
    return answer.body() == Answer.EMPTY
        ? response
        : response.withEntity(ContentTypes.APPLICATION_JSON, Json.write(answer.body()));
  }
}
