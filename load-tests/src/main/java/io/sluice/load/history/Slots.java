package io.sluice.load.history;

import java.util.List;
import java.util.Map;

/**
 * What a request for slots, or its answer, says. All but {@code node} and {@code limits} may be
 * null.
 *
 * @param node who is asked
 * @param limits the names of the limits, one slot of each
 * @param patient whether the asker goes on asking until it is granted
 * @param lease the id that is granted, renewed or given back
 * @param tokens of the grant, by the name of the limit
 * @param leaseSeconds how long the lease lives unless it is renewed
 * @param taken how many slots of the limit are taken
 */
public record Slots(
    String node,
    List<String> limits,
    Boolean patient,
    String lease,
    Map<String, Long> tokens,
    Integer leaseSeconds,
    Integer taken) {

  public Slots {
    limits = List.copyOf(limits);
    tokens = tokens == null ? null : Map.copyOf(tokens);
  }

  /** A request for one slot of each of {@code limits}. */
  public static Slots asked(String node, List<String> limits, boolean patient, int leaseSeconds) {
    return new Slots(node, limits, patient, null, null, leaseSeconds, null);
  }

  /** The grant that answers this request. */
  public Slots granted(String lease, Map<String, Long> tokens) {
    return new Slots(node, limits, patient, lease, tokens, leaseSeconds, null);
  }

  /** About a lease that is held. */
  public static Slots held(String node, List<String> limits, String lease, Integer leaseSeconds) {
    return new Slots(node, limits, null, lease, null, leaseSeconds, null);
  }

  /** How many slots of one limit are taken; null in the question. */
  public static Slots counted(String node, String limit, Integer taken) {
    return new Slots(node, List.of(limit), null, null, null, null, taken);
  }
}
