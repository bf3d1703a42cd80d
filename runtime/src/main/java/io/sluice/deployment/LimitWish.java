package io.sluice.deployment;

import java.util.UUID;

/** What is to become of a deployment's concurrency limit. */
public sealed interface LimitWish {
  /** Stays as it is. */
  record Keep() implements LimitWish {}

  /** A limit of its own with so many slots. */
  record Own(int slots) implements LimitWish {}

  /** Another limit, shared with whoever else uses it. */
  record Shared(UUID limit) implements LimitWish {}

  /** None. */
  record None() implements LimitWish {}
}
