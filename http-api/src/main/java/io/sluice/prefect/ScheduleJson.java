package io.sluice.prefect;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sluice.deployment.Deployment;
import io.sluice.deployment.Schedule;
import io.sluice.http.Body;
import io.sluice.http.Json;
import io.sluice.schedule.BadSchedule;
import io.sluice.schedule.CronExpression;
import io.sluice.schedule.Every;
import io.sluice.schedule.RuleText;
import io.sluice.schedule.Zones;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;

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

  /** Prefect 3.8.8, PREFECT_DEPLOYMENT_SCHEDULE_MAX_SCHEDULED_RUNS. */
  private static final int RUNS_MAX = 100;

  /**
   * All of a deployment, the one changed last first (Prefect 3.8.8, models/deployments.py
   * read_deployment_schedules); of those made by one request, the one it names last.
   */
  static List<ScheduleJson> of(Deployment deployment) {
    var latestFirst = new ArrayList<>(deployment.schedules());
    Collections.reverse(latestFirst);
    latestFirst.sort(Comparator.comparing(Schedule::updated).reversed());
    return latestFirst.stream().map(schedule -> of(deployment.id(), schedule)).toList();
  }

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

  /** The same for a schedule that is not there yet, which must say when it is due. */
  static Draft readNew(Body body, Instant now) {
    body.notNull("active");
    body.required("schedule", body.node("schedule"), null);
    return read(body, now);
  }

  static Draft read(Body body, Instant now) {
    body.notNull("parameters");
    var draft =
        new Draft(
            body.object("schedule").map(schedule -> schedule(schedule, now)),
            body.bool("active"),
            body.has("max_scheduled_runs"),
            body.integer("max_scheduled_runs", 1, RUNS_MAX).orElse(null),
            body.has("parameters"),
            body.map("parameters"),
            body.has("slug"),
            body.text("slug").orElse(null),
            body.text("replaces").orElse(null));
    return draft;
  }

  /** Interval, cron or rrule, with Prefect's defaults filled in. */
  private static ObjectNode schedule(Body body, Instant now) {
    body.notNull("anchor_date", "day_or");
    var schedule = JsonNodeFactory.instance.objectNode();
    if (body.has("interval")) {
      interval(body, schedule, now);
    } else if (body.has("cron")) {
      schedule.put("cron", checked(body, "cron", CronExpression::parse));
      schedule.put("timezone", zone(body, null));
      schedule.put("day_or", body.bool("day_or").orElse(true));
    } else if (body.has("rrule")) {
      rule(body, schedule, now);
    } else {
      body.wrong("cron", "missing", "A schedule has an interval, a cron or an rrule");
    }
    body.endNested();
    return schedule;
  }

  private static void interval(Body body, ObjectNode schedule, Instant now) {
    var seconds = body.required("interval", body.seconds("interval"), 1.0);
    if (!body.isWrong()) {
      check(body, "interval", () -> Every.interval(seconds));
    }
    schedule.put("interval", seconds);
    schedule.put("anchor_date", Json.time(body.time("anchor_date").orElse(now)));
    schedule.put("timezone", zone(body, "UTC"));
  }

  /** A rule without a start is given one, as Prefect does. */
  private static void rule(Body body, ObjectNode schedule, Instant now) {
    var rule = checked(body, "rrule", RuleText::parse);
    var zone = zone(body, "UTC");
    schedule.put("rrule", body.isWrong() ? rule : RuleText.anchored(rule, Zones.of(zone), now));
    schedule.put("timezone", zone);
  }

  private static String zone(Body body, String otherwise) {
    var name = body.text("timezone").orElse(otherwise);
    check(body, "timezone", () -> Zones.of(name));
    return name;
  }

  private static String checked(Body body, String field, Consumer<String> parse) {
    var text = body.requiredText(field);
    if (body.node(field).isPresent()) {
      check(body, field, () -> parse.accept(text));
    }
    return text;
  }

  private static void check(Body body, String field, Runnable check) {
    try {
      check.run();
    } catch (BadSchedule bad) {
      body.wrong(field, "value_error", bad.getMessage());
    }
  }
}
