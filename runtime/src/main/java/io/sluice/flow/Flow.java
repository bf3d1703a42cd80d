package io.sluice.flow;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

/**
 * A flow.
 *
 * @param labels a JSON object, may be null
 */
public record Flow(
    UUID id, Instant created, Instant updated, String name, List<String> tags, JsonNode labels) {}
