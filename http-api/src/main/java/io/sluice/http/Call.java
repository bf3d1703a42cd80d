package io.sluice.http;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import org.apache.pekko.http.javadsl.model.HttpHeader;

/** A request on its way to its {@link Handler}. */
public final class Call {
  private final String method;
  private final String scheme;
  private final String path;
  private final Map<String, String> parameters;
  private final Map<String, List<String>> query;
  private final Iterable<HttpHeader> headers;
  private final byte[] content;
  private final Connection connection;
  private final BooleanSupplier hold;

  Call(
      String method,
      String scheme,
      String path,
      Map<String, String> parameters,
      Map<String, List<String>> query,
      Iterable<HttpHeader> headers,
      byte[] content,
      Connection connection,
      BooleanSupplier hold) {
    this.method = method;
    this.scheme = scheme;
    this.path = path;
    this.parameters = parameters;
    this.query = query;
    this.headers = headers;
    this.content = content;
    this.connection = connection;
    this.hold = hold;
  }

  public String method() {
    return method;
  }

  public String path() {
    return path;
  }

  /**
   * What is before the path in links to this server: {@code http} or {@code https} as the proxy
   * before it says, or else as the request came, and the host that the client named.
   */
  public String origin() {
    var forwarded = header("X-Forwarded-Proto").orElse("").split(",", 2)[0].trim();
    boolean known = forwarded.equals("http") || forwarded.equals("https");
    return "%s://%s".formatted(known ? forwarded : scheme, header("Host").orElse("localhost"));
  }

  public Connection connection() {
    return connection;
  }

  /**
   * To be asked before the request is made to wait for others, so that it no longer counts as work
   * of the server.
   *
   * @return false if the server keeps as many as it may: then the request is to be answered at once
   */
  public boolean mayHold() {
    return hold.getAsBoolean();
  }

  /** The decoded path segment that stands for {@code name} in the route. */
  public String parameter(String name) {
    return parameters.get(name);
  }

  /** The same as a UUID; if it is none, the route does not exist. */
  public UUID id(String name) {
    return uuid(parameter(name)).orElseThrow(NoRoute::new);
  }

  /** A UUID with or without hyphens, braces or {@code urn:uuid:}; empty if it is none. */
  public static Optional<UUID> uuid(String text) {
    return Ids.id(text);
  }

  public Optional<String> query(String name) {
    var values = query.get(name);
    return values == null || values.isEmpty() ? Optional.empty() : Optional.of(values.get(0));
  }

  public Optional<String> header(String name) {
    return Head.header(headers, name);
  }

  /** The JSON body as it is; {@code {}} if there is none. */
  public JsonNode json() {
    return Json.read(content);
  }

  /** The JSON objects of a body that is a list. */
  public List<Body> bodies() {
    return Bodies.of(json());
  }

  /**
   * The same for what must not be lost for one bad character, such as logs: such characters are
   * replaced.
   */
  public List<Body> mendedBodies() {
    return Bodies.of(Json.readMended(content));
  }

  /**
   * The JSON object of the body, to be read field by field: something that is created or changed.
   * Fields that it cannot have are refused, as Prefect refuses them.
   */
  public Body body() {
    return Body.of(json());
  }

  /**
   * The JSON object of a body whose fields are arguments of the request, each by itself: pages,
   * filters, slots, proposals. Prefect 3.8.8 takes those that it knows and lets others pass, such
   * as those of a client of another version; inside of them it does not.
   */
  public Body arguments() {
    return Body.argumentsOf(json());
  }
}
