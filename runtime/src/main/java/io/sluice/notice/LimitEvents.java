package io.sluice.notice;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.sluice.event.Events;
import io.sluice.limit.LimitKind;
import io.sluice.limit.LimitSettings;
import io.sluice.limit.NamedLimits;
import java.util.List;
import java.util.UUID;

/**
 * Says that a global limit or that of a task tag was created, changed or deleted (Prefect 3.8.8,
 * models/concurrency_limits_v2.py). As there, one that goes with its deployment is not told of: the
 * deployment is.
 */
public final class LimitEvents implements NamedLimits {
  private final Tell limits;

  public LimitEvents(Events events) {
    this.limits = new Tell(events, "concurrency-limit");
  }

  @Override
  public void changed(UUID limit, LimitSettings before, LimitSettings after) {
    var known = after == null ? before : after;
    if (LimitKind.DEPLOYMENT.names(known.name())) {
      return;
    }
    var payload =
        JsonNodeFactory.instance
            .objectNode()
            .put("name", known.name())
            .put("limit", known.slots())
            .put("active", known.active())
            .put("slot_decay_per_second", known.decayPerSecond());
    limits.that(
        Tell.happened(before, after), limits.resource(limit, known.name()), List.of(), payload);
  }
}
