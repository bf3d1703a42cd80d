package io.sluice.limit;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.UUID;

/**
 * Who a lease is held for. All types but {@link Type#SERVICE} are those of Prefect 3.8.8 ({@code
 * ConcurrencyLeaseHolder}).
 *
 * @param name for people, null if the id says all there is
 */
public record Holder(Type type, UUID id, @JsonInclude(JsonInclude.Include.NON_NULL) String name) {
  public enum Type {
    FLOW_RUN,
    TASK_RUN,
    DEPLOYMENT,
    /** A program that uses Sluice as a library; unknown to Prefect. */
    SERVICE
  }

  public Holder(Type type, UUID id) {
    this(type, id, null);
  }

  public static Holder flowRun(UUID id) {
    return new Holder(Type.FLOW_RUN, id);
  }

  public static Holder taskRun(UUID id) {
    return new Holder(Type.TASK_RUN, id);
  }

  public static Holder service(UUID id, String name) {
    return new Holder(Type.SERVICE, id, name);
  }
}
