package io.sluice.http;

import com.typesafe.config.Config;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.pekko.NotUsed;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.http.javadsl.Http;
import org.apache.pekko.http.javadsl.ServerBinding;
import org.apache.pekko.http.javadsl.model.AttributeKeys;
import org.apache.pekko.http.javadsl.model.ContentTypes;
import org.apache.pekko.http.javadsl.model.HttpEntity;
import org.apache.pekko.http.javadsl.model.HttpHeader;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.RemoteAddress;
import org.apache.pekko.http.javadsl.model.headers.RawHeader;
import org.apache.pekko.http.javadsl.model.ws.WebSocketUpgrade;
import org.apache.pekko.stream.Materializer;
import org.apache.pekko.stream.SystemMaterializer;
import org.apache.pekko.stream.javadsl.Flow;

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
  private final Set<Connection> connections = ConcurrentHashMap.newKeySet();
  private volatile boolean lettingGo;

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
        .bindFlow(Flow.fromMaterializer((unused, attributes) -> connectionFlow()));
  }

  /**
   * Answers all requests that are held, with what they would be answered at the end of their hold,
   * and holds none from now on.
   */
  public void letGo() {
    lettingGo = true;
    connections.forEach(Connection::end);
  }

  private Flow<HttpRequest, HttpResponse, NotUsed> connectionFlow() {
    var connection = connection();
    return Flow.of(HttpRequest.class)
        .watchTermination(
            (unused, done) -> {
              done.whenCompleteAsync((end, failure) -> connection.end(), Runnable::run);
              return unused;
            })
        .mapAsync(1, request -> respond(request, connection));
  }

  private Connection connection() {
    var connection = new Connection();
    connections.add(connection);
    connection.whenGone(() -> connections.remove(connection));
    if (lettingGo) {
      connection.end();
    }
    return connection;
  }

  private CompletableFuture<HttpResponse> respond(HttpRequest request, Connection connection) {
    request
        .getAttribute(AttributeKeys.remoteAddress)
        .flatMap(RemoteAddress::getAddress)
        .ifPresent(address -> connection.remoteHost(address.getHostAddress()));
    var upgrade = request.getAttribute(AttributeKeys.webSocketUpgrade);
    return upgrade.isPresent()
        ? CompletableFuture.completedFuture(open(request, upgrade.get()))
        : handle(request, connection);
  }

  /**
   * Answered 404 if there is no websocket at this path. As a connection of its own: the one that
   * the request came over ends with the upgrade, as far as requests go.
   */
  private HttpResponse open(HttpRequest request, WebSocketUpgrade upgrade) {
    try {
      var socket = router.open(below(segments(request)));
      var flow = SocketFlow.of(socket, connection(), materializer);
      for (var protocol : upgrade.getRequestedProtocols()) {
        return upgrade.handleMessagesWith(flow, protocol);
      }
      return upgrade.handleMessagesWith(flow);
    } catch (NoRoute none) {
      return response(Answer.detail(404, "Not Found"));
    }
  }

  private CompletableFuture<HttpResponse> handle(HttpRequest request, Connection connection) {
    if (request.entity() instanceof HttpEntity.Strict strict) {
      return strict.getData().size() > contentMax
          ? CompletableFuture.completedFuture(response(Answer.detail(413, tooLarge())))
          : handle(request, strict.getData().toArray(), connection);
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
    return "The body is larger than %d bytes or did not arrive within %s s."
        .formatted(contentMax, bodyWithin.toMillis() / 1e3);
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
      router.gate().accept(call);
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
    if (answer.body() instanceof Answer.Text text) {
      return response.withEntity(ContentTypes.TEXT_PLAIN_UTF8, text.text());
    }
    return answer.body() == Answer.EMPTY
        ? response
        : response.withEntity(ContentTypes.APPLICATION_JSON, Json.write(answer.body()));
  }
}
