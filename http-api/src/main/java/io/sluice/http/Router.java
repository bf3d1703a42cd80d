package io.sluice.http;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/**
 * Which handler answers which method and path. Templates such as {@code /flows/{id}} hold literal
 * segments and parameters; a literal wins over a parameter if there is a handler for the method. A
 * slash at the end makes no difference.
 */
public final class Router {

  /** The handler of a route with the values of its parameters. */
  record Match(String template, Handler handler, Map<String, String> parameters) {}

  /** What opens a websocket, given the values of its parameters. */
  private record SocketRoute(String template, Function<Map<String, String>, Socket> open) {

    boolean matches(List<String> path) {
      var wanted = segments(template);
      return wanted.size() == path.size()
          && IntStream.range(0, path.size())
              .allMatch(i -> wanted.get(i).startsWith("{") || wanted.get(i).equals(path.get(i)));
    }
  }

  private static final class Node {
    final Map<String, Node> literals = new HashMap<>();
    final Map<String, Handler> handlers = new TreeMap<>();
    Node parameter;
    String template;
  }

  private final Node root = new Node();
  private final List<String> routes = new ArrayList<>();
  private final List<SocketRoute> sockets = new ArrayList<>();
  private final List<Guard> guards = new ArrayList<>();
  private final Set<String> urgent = new HashSet<>();
  private final Set<List<String>> atRoot = new HashSet<>();
  private Consumer<Call> gate = call -> {};

  public Router get(String template, Handler handler) {
    return route("GET", template, handler);
  }

  public Router post(String template, Handler handler) {
    return route("POST", template, handler);
  }

  public Router put(String template, Handler handler) {
    return route("PUT", template, handler);
  }

  public Router patch(String template, Handler handler) {
    return route("PATCH", template, handler);
  }

  public Router delete(String template, Handler handler) {
    return route("DELETE", template, handler);
  }

  /** A websocket at exactly this path; {@code open} makes one for each connection. */
  public Router socket(String path, Supplier<Socket> open) {
    return socket(path, parameters -> open.get());
  }

  /** Websockets at all paths that match; {@code open} is given the values of the parameters. */
  public Router socket(String template, Function<Map<String, String>, Socket> open) {
    sockets.add(new SocketRoute(template, open));
    routes.add("SOCKET " + template);
    return this;
  }

  /** Runs {@code check} before each handler; what it throws is the answer. */
  public Router gate(Consumer<Call> check) {
    gate = gate.andThen(check);
    return this;
  }

  /** Asks {@code guard} about each request, after those that were added before. */
  public Router guard(Guard guard) {
    guards.add(guard);
    return this;
  }

  /** The answer of the first guard that refuses; empty if all let the request pass. */
  Optional<Answer> refusal(Head head) {
    for (var guard : guards) {
      var refusal = guard.refusal(head);
      if (refusal.isPresent()) {
        return refusal;
      }
    }
    return Optional.empty();
  }

  /**
   * The routes of this template are answered however busy the server is: they give back what others
   * wait for, or say whether the server is well.
   */
  public Router urgent(String template) {
    urgent.add(template);
    return this;
  }

  /** The routes of this template are also at the root, outside the prefix of all others. */
  public Router alsoAtRoot(String template) {
    atRoot.add(segments(template));
    return this;
  }

  boolean isAtRoot(List<String> path) {
    return atRoot.contains(path);
  }

  boolean isUrgent(String method, List<String> path) {
    var node = find(root, path, 0, found -> found.handlers.containsKey(method));
    return node != null && urgent.contains(((Named) node.handlers.get(method)).template());
  }

  Consumer<Call> gate() {
    return gate;
  }

  /**
   * @throws NoRoute if there is no websocket at this path
   */
  Socket open(List<String> path) {
    return sockets.stream()
        .filter(route -> route.matches(path))
        .findFirst()
        .map(route -> route.open().apply(parameters(route.template(), path)))
        .orElseThrow(NoRoute::new);
  }

  private Router route(String method, String template, Handler handler) {
    var node = root;
    for (var segment : segments(template)) {
      if (segment.startsWith("{")) {
        node.parameter = node.parameter == null ? new Node() : node.parameter;
        node = node.parameter;
      } else {
        node = node.literals.computeIfAbsent(segment, literal -> new Node());
      }
    }
    node.template = node.template == null ? template : node.template;
    if (node.handlers.put(method, new Named(template, handler)) != null) {
      throw new IllegalArgumentException("two handlers for " + method + " " + template);
    }
    routes.add(method + " " + template);
    return this;
  }

  /** A handler that knows its own template, whose parameter names may differ by method. */
  private record Named(String template, Handler handler) implements Handler {
    @Override
    public java.util.concurrent.CompletableFuture<Answer> handle(Call call) {
      return handler.handle(call);
    }
  }

  /** All routes, as {@code METHOD template}; those of websockets as {@code SOCKET template}. */
  public List<String> routes() {
    return List.copyOf(routes);
  }

  /**
   * @throws NoRoute if no template matches the path
   * @throws WrongMethod if one does, but not with this method
   */
  Match match(String method, List<String> path) {
    var node = find(root, path, 0, found -> found.handlers.containsKey(method));
    if (node == null) {
      var other = find(root, path, 0, found -> !found.handlers.isEmpty());
      throw other == null ? new NoRoute() : new WrongMethod();
    }
    var handler = (Named) node.handlers.get(method);
    return new Match(handler.template(), handler, parameters(handler.template(), path));
  }

  private static Node find(Node node, List<String> path, int at, Predicate<Node> good) {
    if (at == path.size()) {
      return good.test(node) ? node : null;
    }
    var literal = node.literals.get(path.get(at));
    var found = literal == null ? null : find(literal, path, at + 1, good);
    if (found == null && node.parameter != null) {
      found = find(node.parameter, path, at + 1, good);
    }
    return found;
  }

  private static Map<String, String> parameters(String template, List<String> path) {
    var names = segments(template);
    var parameters = new HashMap<String, String>();
    for (int i = 0; i < names.size(); i++) {
      var name = names.get(i);
      if (name.startsWith("{")) {
        parameters.put(name.substring(1, name.length() - 1), path.get(i));
      }
    }
    return parameters;
  }

  private static List<String> segments(String path) {
    var segments = new ArrayList<String>();
    for (var segment : path.split("/")) {
      if (!segment.isEmpty()) {
        segments.add(segment);
      }
    }
    return segments;
  }

  static final class WrongMethod extends RuntimeException {
    private static final long serialVersionUID = 1L;

    WrongMethod() {
      super("wrong method", null, false, false);
    }
  }
}
