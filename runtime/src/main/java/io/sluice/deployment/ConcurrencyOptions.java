package io.sluice.deployment;

/**
 * What happens to a run that finds its deployment's limit full (Prefect 3.8.8, schemas/core.py).
 *
 * @param gracePeriodSeconds how long a slot is kept between PENDING and RUNNING; null for the
 *     default of 300
 */
public record ConcurrencyOptions(Strategy strategy, Integer gracePeriodSeconds) {
  /** Prefect 3.8.8, ConcurrencyLimitStrategy. */
  public enum Strategy {
    ENQUEUE,
    CANCEL_NEW
  }
}
