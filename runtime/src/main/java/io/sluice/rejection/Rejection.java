package io.sluice.rejection;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.databind.annotation.JsonTypeIdResolver;
import io.sluice.cluster.SealedNames;
import java.util.List;
import java.util.UUID;

/** Why a well-formed request was turned down. One record per rule; facts, numbers, next step. */
@JsonTypeInfo(use = JsonTypeInfo.Id.CUSTOM, property = "is")
@JsonTypeIdResolver(SealedNames.class)
public sealed interface Rejection {

  /** For people: what happened, with numbers, and what to do. */
  String message();

  record LimitNameTaken(String name) implements Rejection {
    @Override
    public String message() {
      return "A concurrency limit named '%s' exists already; update it or choose another name."
          .formatted(name);
    }
  }

  record MoreThanLimit(String limit, int requested, int slots) implements Rejection {
    @Override
    public String message() {
      return "Limit '%s' has %d slots, %d were asked for; raise the limit or ask for fewer."
          .formatted(limit, slots, requested);
    }
  }

  record RateNeedsDecay(List<String> limits) implements Rejection {
    @Override
    public String message() {
      return "No slot decay is set for '%s'; set slot_decay_per_second to limit a rate."
          .formatted(String.join(",", limits));
    }
  }

  record LineFull(String limit, int lineMax) implements Rejection {
    @Override
    public String message() {
      return "%d requests wait for limit '%s' already, which is the most; come back later."
          .formatted(lineMax, limit);
    }
  }

  record LeaseGone(UUID leaseId) implements Rejection {
    @Override
    public String message() {
      return "Lease %s is gone: it was released, revoked, or not renewed in time."
          .formatted(leaseId);
    }
  }

  record LimitNotFound(String idOrName) implements Rejection {
    @Override
    public String message() {
      return "There is no concurrency limit '%s'.".formatted(idOrName);
    }
  }
}
