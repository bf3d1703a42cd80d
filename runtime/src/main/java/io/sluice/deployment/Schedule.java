package io.sluice.deployment;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.UUID;

/**
 * A schedule of a deployment.
 *
 * @param schedule interval, cron or rrule, as the client gave it and gets it back
 * @param maxScheduledRuns how many of its runs are scheduled ahead at most, null for the default
 * @param parameters override those of the deployment
 * @param slug names the schedule within the deployment, may be null
 */
public record Schedule(
    UUID id,
    Instant created,
    Instant updated,
    JsonNode schedule,
    boolean active,
    Integer maxScheduledRuns,
    JsonNode parameters,
    String slug) {}
