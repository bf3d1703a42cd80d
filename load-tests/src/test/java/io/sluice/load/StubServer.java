package io.sluice.load;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;

/** A server that answers as a test says and remembers what it was asked. */
public final class StubServer implements AutoCloseable {

  /** What came in. */
  public record Seen(String method, String path, JsonNode body, String worker) {}

  /**
   * What goes out.
   *
   * @param retryAfter null for none
   */
  public record Given(int status, String body, String retryAfter, Map<String, String> headers) {
    public Given(int status, String body, String retryAfter) {
      this(status, body, retryAfter, Map.of());
    }

    public static Given ok(String body) {
      return new Given(200, body, null);
    }

    /** The connection is closed instead. */
    public static final Given NOTHING = new Given(0, "", null);
  }

  static {
    // Otherwise each answer with a body waits 40 ms for the acknowledgement of its head.
    System.setProperty("sun.net.httpserver.nodelay", "true");
  }

  private final HttpServer server;
  private final ExecutorService executor = Executors.newCachedThreadPool();
  private final Function<Seen, Given> answers;
  private final List<Seen> seen = new ArrayList<>();

  /**
   * @param answers asked by several threads at once
   */
  public StubServer(Function<Seen, Given> answers) throws IOException {
    this.answers = answers;
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/api", this::serve);
    server.setExecutor(executor);
    server.start();
  }

  public URI api() {
    return URI.create("http://127.0.0.1:%d/api".formatted(server.getAddress().getPort()));
  }

  public synchronized List<Seen> seen() {
    return List.copyOf(seen);
  }

  private void serve(HttpExchange exchange) {
    try (exchange) {
      var body = exchange.getRequestBody().readAllBytes();
      var ask =
          new Seen(
              exchange.getRequestMethod(),
              exchange.getRequestURI().getPath().substring("/api".length()),
              ApiClient.JSON.readTree(body.length == 0 ? "null".getBytes(UTF) : body),
              exchange.getRequestHeaders().getFirst("X-Prefect-Worker-Name"));
      synchronized (this) {
        seen.add(ask);
      }
      var given = answers.apply(ask);
      if (given != Given.NOTHING) {
        if (given.retryAfter() != null) {
          exchange.getResponseHeaders().add("Retry-After", given.retryAfter());
        }
        given.headers().forEach(exchange.getResponseHeaders()::add);
        var bytes = given.body().getBytes(UTF);
        exchange.sendResponseHeaders(given.status(), bytes.length == 0 ? -1 : bytes.length);
        exchange.getResponseBody().write(bytes);
      }
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  private static final java.nio.charset.Charset UTF = StandardCharsets.UTF_8;

  @Override
  public void close() {
    server.stop(0);
    executor.shutdownNow();
  }
}
