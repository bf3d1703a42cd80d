package io.sluice.http;

/** No route matches the path. */
final class NoRoute extends RuntimeException {
  private static final long serialVersionUID = 1L;

  NoRoute() {
    super("no such route", null, false, false);
  }
}
