package io.sluice.limit;

import java.util.UUID;

/**
 * Who a lease is held for. The types are those of Prefect 3.8.8 ({@code ConcurrencyLeaseHolder}).
 */
public record Holder(Type type, UUID id) {
  public enum Type {
    FLOW_RUN,
    TASK_RUN,
    DEPLOYMENT
  }

  public static Holder flowRun(UUID id) {
    return new Holder(Type.FLOW_RUN, id);
  }

  public static Holder taskRun(UUID id) {
    return new Holder(Type.TASK_RUN, id);
  }
}
