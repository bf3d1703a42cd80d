package io.sluice.prefect;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sluice.deployment.Schedule;
import io.sluice.http.Body;
import io.sluice.http.Json;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/** Wire shape of a deployment's schedule (Prefect 3.8.8, schemas/core.py DeploymentSchedule). */
record ScheduleJson(
    UUID id,
    Instant created,
    Instant updated,
    UUID deploymentId,
    JsonNode schedule,
    boolean active,
    Integer maxScheduledRuns,
    JsonNode parameters,
    String slug) {

  static ScheduleJson of(UUID deployment, Schedule schedule) {
    return new ScheduleJson(
        schedule.id(),
        schedule.created(),
        schedule.updated(),
        deployment,
        schedule.schedule(),
        schedule.active(),
        schedule.maxScheduledRuns(),
        FlowRunJson.object(schedule.parameters()),
        schedule.slug());
  }

  /**
   * What is said of a schedule; empty stays as it is.
   *
   * @param replaces the slug of the schedule that is to become this one, or null
   */
  record Draft(
      Optional<JsonNode> schedule,
      Optional<Boolean> active,
      boolean maxGiven,
      Integer maxScheduledRuns,
      boolean parametersGiven,
      JsonNode parameters,
      boolean slugGiven,
      String slug,
      String replaces) {

    /** A new schedule. */
    Schedule create(Instant now) {
      return new Schedule(
          UUID.randomUUID(),
          now,
          now,
          schedule.orElseThrow(),
          active.orElse(true),
          maxScheduledRuns,
          parameters,
          slug);
    }

    /** {@code before} changed. */
    Schedule change(Schedule before, Instant now) {
      return new Schedule(
          before.id(),
          before.created(),
          now,
          schedule.orElse(before.schedule()),
          active.orElse(before.active()),
          maxGiven ? maxScheduledRuns : before.maxScheduledRuns(),
          parametersGiven ? parameters : before.parameters(),
          slugGiven ? slug : before.slug());
    }
  }

  static Draft read(Body body, Instant now) {
    var draft =
        new Draft(
            body.object("schedule").map(schedule -> schedule(schedule, now)),
            body.bool("active"),
            body.has("max_scheduled_runs"),
            body.integer("max_scheduled_runs", 1, Integer.MAX_VALUE).orElse(null),
            body.has("parameters"),
            body.map("parameters"),
            body.has("slug"),
            body.text("slug").orElse(null),
            body.text("replaces").orElse(null));
    return draft;
  }

  /** Interval, cron or rrule, with Prefect's defaults filled in. */
  private static ObjectNode schedule(Body body, Instant now) {
    var schedule = JsonNodeFactory.instance.objectNode();
    if (body.has("interval")) {
      var seconds = body.positive("interval");
      seconds.ifPresent(interval -> schedule.put("interval", interval));
      var anchor = body.time("anchor_date").orElse(now);
      schedule.put("anchor_date", Json.time(anchor));
      schedule.put("timezone", body.text("timezone").orElse("UTC"));
    } else if (body.has("cron")) {
      schedule.put("cron", body.requiredText("cron"));
      schedule.put("timezone", body.text("timezone").orElse(null));
      schedule.put("day_or", body.bool("day_or").orElse(true));
    } else if (body.has("rrule")) {
      schedule.put("rrule", body.requiredText("rrule"));
      schedule.put("timezone", body.text("timezone").orElse("UTC"));
    } else {
      body.wrong("cron", "missing", "A schedule has an interval, a cron or an rrule");
    }
    body.endNested();
    return schedule;
  }
}
