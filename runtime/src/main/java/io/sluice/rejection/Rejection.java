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

  record NotFound(What what, String name) implements Rejection {
    /** Kinds of things that may be missing. */
    public enum What {
      FLOW("flow"),
      FLOW_RUN("flow run"),
      TASK_RUN("task run"),
      DEPLOYMENT("deployment"),
      WORK_POOL("work pool"),
      WORK_QUEUE("work queue"),
      WORKER("worker"),
      VARIABLE("variable"),
      ARTIFACT("artifact"),
      SCHEDULE("schedule"),
      INPUT("flow run input"),
      SAVED_SEARCH("saved search"),
      BLOCK_TYPE("block type"),
      BLOCK_SCHEMA("block schema"),
      BLOCK("block document"),
      DEFAULT_BLOCK("block for the default of a job variable"),
      AUTOMATION("automation");

      private final String words;

      What(String words) {
        this.words = words;
      }

      public String words() {
        return words;
      }
    }

    @Override
    public String message() {
      return "There is no %s '%s'.".formatted(what.words(), name);
    }
  }

  record Dangling(NotFound.What what, String name) implements Rejection {
    @Override
    public String message() {
      return "There is no %s '%s' to refer to; create it first.".formatted(what.words(), name);
    }
  }

  record BadHydration(String what, String problem) implements Rejection {
    @Override
    public String message() {
      return what + ": " + problem;
    }
  }

  record ChangedMeanwhile(String what, String name) implements Rejection {
    @Override
    public String message() {
      return "The %s '%s' was changed meanwhile; read it and try again.".formatted(what, name);
    }
  }

  record NameTaken(NotFound.What what, String name) implements Rejection {
    @Override
    public String message() {
      return "A %s named '%s' exists already; choose another name.".formatted(what.words(), name);
    }
  }

  record IdTaken(NotFound.What what, UUID id) implements Rejection {
    @Override
    public String message() {
      return "There is another %s %s already; choose another id, or none."
          .formatted(what.words(), id);
    }
  }

  record Protected(String message) implements Rejection {}

  record BadBlock(String message) implements Rejection {}

  record UnknownBlockType(String slug) implements Rejection {
    @Override
    public String message() {
      return ("Cannot create block schema because block type '%s' was not found. Did you forget to"
              + " register the block type?")
          .formatted(slug);
    }
  }

  record StoresNoResults(UUID block) implements Rejection {
    @Override
    public String message() {
      return "Block document %s cannot be used for result storage.".formatted(block);
    }
  }

  record SecretsUnreadable(UUID block) implements Rejection {
    @Override
    public String message() {
      return ("The values of block %s cannot be decrypted: set sluice.block.encryption-key to the key"
              + " with which it was saved, or delete the block and save it again.")
          .formatted(block);
    }
  }

  record DefaultQueueStays(String pool) implements Rejection {
    @Override
    public String message() {
      return "The default queue of work pool '%s' cannot be deleted; delete the pool instead."
          .formatted(pool);
    }
  }

  record NotInThisState(String what, String state) implements Rejection {
    @Override
    public String message() {
      return "%s for a flow run in state %s cannot be updated".formatted(what, state);
    }
  }

  record NoParameterSchema(String deployment) implements Rejection {
    @Override
    public String message() {
      return "Deployment '%s' enforces a parameter schema but has none; deploy it again."
          .formatted(deployment);
    }
  }

  record BadParameters(String what, List<String> problems) implements Rejection {
    @Override
    public String message() {
      return what + ": " + String.join(" ", problems);
    }
  }

  record BadJobVariables(String what, List<String> problems) implements Rejection {
    @Override
    public String message() {
      return what + ": " + String.join(" ", problems);
    }
  }

  record NoWorkPool(String deployment, String queue) implements Rejection {
    @Override
    public String message() {
      return "Cannot create flow run in work queue %s because deployment %s is not associated with a"
              .formatted(queue, deployment)
          + " work pool. Name no queue, or deploy it to a pool.";
    }
  }
}
