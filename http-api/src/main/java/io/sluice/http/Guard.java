package io.sluice.http;

import java.util.Optional;

/** Judges requests by their heads, before their paths are looked up and their bodies are read. */
@FunctionalInterface
public interface Guard {
  /** What a request is answered that may not pass; empty if it may. */
  Optional<Answer> refusal(Head head);
}
