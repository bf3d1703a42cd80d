package io.sluice.prefect;

import com.fasterxml.jackson.databind.JsonNode;
import io.sluice.flow.Flow;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

/** Wire shape of a flow (Prefect 3.8.8, schemas/core.py Flow). */
record FlowJson(
    UUID id, Instant created, Instant updated, String name, List<String> tags, JsonNode labels) {

  static FlowJson of(Flow flow) {
    return new FlowJson(
        flow.id(),
        flow.created(),
        flow.updated(),
        flow.name(),
        flow.tags(),
        FlowRunJson.object(flow.labels()));
  }
}
