package io.sluice.http;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.apache.pekko.http.javadsl.model.HttpHeader;

/** What is known of a request before its body is read. */
public final class Head {
  private final String method;
  private final List<String> path;
  private final Iterable<HttpHeader> headers;

  Head(String method, List<String> path, Iterable<HttpHeader> headers) {
    this.method = method;
    this.path = List.copyOf(path);
    this.headers = headers;
  }

  public String method() {
    return method;
  }

  /** The decoded segments of the path below the API's prefix. */
  public List<String> path() {
    return path;
  }

  /** The value of a header as it was sent. */
  public Optional<String> header(String name) {
    return header(headers, name);
  }

  static Optional<String> header(Iterable<HttpHeader> headers, String name) {
    var lowerCase = name.toLowerCase(Locale.ROOT);
    for (var header : headers) {
      if (header.is(lowerCase)) {
        return Optional.of(header.value());
      }
    }
    return Optional.empty();
  }
}
