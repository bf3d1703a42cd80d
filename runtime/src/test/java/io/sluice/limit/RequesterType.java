package io.sluice.limit;

/** Who asks for slots in a simulated world. */
enum RequesterType {
  /** A program with the library: lives and dies with its node, repeats under the same lease. */
  LIBRARY,
  /** A client over HTTP: reaches any node, repeats under a new lease if a connection broke. */
  HTTP,
  /** A run: its slots have no end, and after a crash of its node it goes on on another one. */
  RUN
}
