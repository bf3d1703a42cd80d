package io.sluice.http;

import static io.sluice.http.Wire.query;
import static io.sluice.http.Wire.response;
import static io.sluice.http.Wire.segments;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import javax.net.ssl.SSLContext;
import org.apache.pekko.NotUsed;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.http.javadsl.ConnectionContext;
import org.apache.pekko.http.javadsl.Http;
import org.apache.pekko.http.javadsl.ServerBinding;
import org.apache.pekko.http.javadsl.model.AttributeKeys;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.RemoteAddress;
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
  private final Intake intake;
  private final Duration admitWithin;
  private final Config websocket;
  private final Load load;
  private final Rate rate;
  private final Set<Connection> connections = ConcurrentHashMap.newKeySet();
  private volatile boolean lettingGo;
  private RequestMeter meter;

  /** A request, where it came from, its share of what may be done, and its measure or null. */
  private record Visit(Connection connection, Load.Share share, RequestMeter.Sample sample) {
    boolean hold() {
      boolean held = share.hold();
      if (held && sample != null) {
        sample.held();
      }
      return held;
    }
  }

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
    this.intake = new Intake(materializer, config);
    this.admitWithin = config.getDuration("auth.within");
    this.websocket = config.getConfig("websocket");
    this.load = new Load(config);
    checkRoom(config);
    this.rate = Rate.from(config, System::nanoTime);
  }

  /**
   * Measures all requests from now on; to be called before {@link #bind}.
   *
   * @param buckets upper bounds of those of the histograms
   */
  public Server measure(MeterRegistry registry, List<Duration> buckets) {
    meter = new RequestMeter(registry, buckets.toArray(Duration[]::new));
    meter.measure(load);
    return this;
  }

  private void checkRoom(Config config) {
    int connections = system.settings().config().getInt("pekko.http.server.max-connections");
    if (config.getInt("held-max") >= connections) {
      throw new ConfigException.BadValue(
          config.getValue("held-max").origin(),
          "sluice.http.held-max",
          "must be less than pekko.http.server.max-connections, %d".formatted(connections));
    }
  }

  /**
   * Listens on {@code host:port}; port 0 takes a free one.
   *
   * @param tls if present, only HTTPS is answered
   */
  public CompletionStage<ServerBinding> bind(String host, int port, Optional<SSLContext> tls) {
    var builder = Http.get(system).newServerAt(host, port);
    return tls.map(context -> builder.enableHttps(ConnectionContext.httpsServer(context)))
        .orElse(builder)
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
        ? CompletableFuture.completedFuture(open(request, upgrade.get(), connection))
        : admit(request, connection);
  }

  /**
   * Answered 404 if there is no websocket at this path. As a connection of its own: the one that
   * the request came over ends with the upgrade, as far as requests go.
   */
  private HttpResponse open(HttpRequest request, WebSocketUpgrade upgrade, Connection from) {
    var tooMany = rate.refusal(from.remoteHost());
    if (tooMany.isPresent()) {
      return response(tooMany.get());
    }
    Socket socket;
    try {
      socket = router.open(below(segments(request)));
    } catch (NoRoute none) {
      return response(Answer.detail(404, "Not Found"));
    }
    if (!load.tryKeep()) {
      return response(load.full());
    }
    var connection = connection();
    connection.whenGone(load::closed);
    cutUnlessAdmitted(socket, connection);
    var flow = new SocketFlow(socket, connection, materializer, websocket);
    var protocols = upgrade.getRequestedProtocols().iterator();
    var protocol = protocols.hasNext() ? Optional.of(protocols.next()) : Optional.<String>empty();
    return CloseFrames.open(system, upgrade, flow.flow(), protocol, flow::close);
  }

  /** Strangers could otherwise take the places of all websockets and held requests. */
  private void cutUnlessAdmitted(Socket socket, Connection connection) {
    var timer =
        system
            .scheduler()
            .scheduleOnce(
                admitWithin,
                () -> {
                  if (!socket.isAdmitted()) {
                    connection.end();
                  }
                },
                system.executionContext());
    connection.whenGone(timer::cancel);
  }

  private CompletableFuture<HttpResponse> admit(HttpRequest request, Connection connection) {
    if (meter == null) {
      return admit(request, connection, null);
    }
    var sample = meter.new Sample(request.method().value());
    return admit(request, connection, sample)
        .thenApply(
            response -> {
              sample.answered(response.status().intValue());
              return response;
            });
  }

  /** Refuses by the head alone whatever may not pass or finds no room; then reads the body. */
  private CompletableFuture<HttpResponse> admit(
      HttpRequest request, Connection connection, RequestMeter.Sample sample) {
    var size = intake.size(request);
    var path = segments(request);
    var method = request.method().value();
    if (!isBelow(path)) {
      return refuse(request, Answer.detail(404, "Not Found"));
    }
    boolean urgent = router.isUrgent(method, below(path));
    var refusal = refusal(new Head(method, below(path), request.getHeaders()), connection, urgent);
    if (refusal.isEmpty()) {
      refusal =
          intake.isTooLarge(size) ? Optional.of(intake.tooLarge()) : load.refusal(size, urgent);
    }
    if (refusal.isPresent()) {
      return refuse(request, refusal.get());
    }
    var share = load.enter(size);
    return respond(request, path, new Visit(connection, share, sample))
        .whenComplete((response, failure) -> share.end());
  }

  /** Guesses at passwords count for the rate; urgent requests that may pass do not. */
  private Optional<Answer> refusal(Head head, Connection connection, boolean urgent) {
    var refusal = router.refusal(head);
    if (refusal.isEmpty() && urgent) {
      return refusal;
    }
    var tooMany = rate.refusal(connection.remoteHost());
    return tooMany.isPresent() ? tooMany : refusal;
  }

  private CompletableFuture<HttpResponse> refuse(HttpRequest request, Answer answer) {
    intake.discard(request);
    return CompletableFuture.completedFuture(response(answer));
  }

  private CompletableFuture<HttpResponse> respond(
      HttpRequest request, List<String> path, Visit visit) {
    var whole = new CompletableFuture<HttpResponse>();
    intake
        .read(request)
        .whenCompleteAsync(
            (content, failure) -> {
              if (failure != null) {
                whole.complete(response(intake.tooLarge()));
              } else {
                handle(request, path, content, visit).thenAccept(whole::complete);
              }
            },
            Runnable::run);
    return whole;
  }

  private CompletableFuture<HttpResponse> handle(
      HttpRequest request, List<String> path, byte[] content, Visit visit) {
    var call = call(request, Map.of(), Map.of(), content, visit);
    CompletableFuture<Answer> answer;
    try {
      if (!path.stream().allMatch(Texts::isWhole)) {
        throw new NoRoute();
      }
      var match = router.match(call.method(), below(path));
      if (visit.sample() != null) {
        visit.sample().route(match.template());
      }
      call = call(request, match.parameters(), query(request), content, visit);
      router.gate().accept(call);
      answer = match.handler().handle(call);
    } catch (RuntimeException problem) {
      answer = CompletableFuture.failedFuture(problem);
    }
    var handled = call;
    return answer
        .thenApply(Wire::response)
        .exceptionally(problem -> Wire.response(problems.answer(problem, handled)));
  }

  private static Call call(
      HttpRequest request,
      Map<String, String> parameters,
      Map<String, List<String>> query,
      byte[] content,
      Visit visit) {
    return new Call(
        request.method().value(),
        request.getUri().getScheme(),
        request.getUri().path(),
        parameters,
        query,
        request.getHeaders(),
        content,
        visit.connection(),
        visit::hold);
  }

  private boolean isBelow(List<String> path) {
    return router.isAtRoot(path) || isBelowPrefix(path);
  }

  private boolean isBelowPrefix(List<String> path) {
    return !path.isEmpty() && path.get(0).equals(prefix.substring(1));
  }

  private List<String> below(List<String> path) {
    if (!isBelow(path)) {
      throw new NoRoute();
    }
    return isBelowPrefix(path) ? path.subList(1, path.size()) : path;
  }
}
