package io.sluice.prefect;

import static io.sluice.rejection.Rejection.NotFound.What.SCHEDULE;

import io.sluice.deployment.Deployment;
import io.sluice.deployment.Deployments;
import io.sluice.deployment.Deployments.Edit;
import io.sluice.deployment.LimitWish;
import io.sluice.deployment.Schedule;
import io.sluice.deployment.ScheduleWindow;
import io.sluice.http.Answer;
import io.sluice.http.Bodies;
import io.sluice.http.Call;
import io.sluice.http.Plain;
import io.sluice.http.Router;
import io.sluice.node.Owners;
import io.sluice.rejection.Refused;
import io.sluice.rejection.Rejection;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/** Schedules of deployments (Prefect 3.8.8, server/api/deployments.py). */
final class ScheduleRoutes {
  private static final double MIN_TIME_MAX = 3.2e9;
  private static final int MILLIS = 1000;

  /** As many as Prefect looks at at once (schemas/schedules.py MAX_ITERATIONS). */
  private static final int RUNS_MAX = 1000;

  private final Deployments deployments;
  private final InstantSource clock;

  ScheduleRoutes(Owners owners, InstantSource clock) {
    this.deployments = owners.deployments();
    this.clock = clock;
  }

  void addTo(Router router) {
    router
        .post("/deployments/{id}/schedules", this::create)
        .get("/deployments/{id}/schedules", this::list)
        .patch("/deployments/{id}/schedules/{schedule_id}", this::update)
        .delete("/deployments/{id}/schedules/{schedule_id}", this::delete)
        .post("/deployments/{id}/schedule", this::schedule);
  }

  /** Schedules runs now, be it for times that are past. */
  private CompletableFuture<Answer> schedule(Call call) {
    var body = call.arguments();
    var usual = deployments.window();
    var start = body.time("start_time").orElse(usual.start());
    var window =
        new ScheduleWindow(
            start,
            body.time("end_time").orElse(start.plus(Duration.between(usual.start(), usual.end()))),
            body.seconds("min_time")
                .map(seconds -> Math.max(0, Math.min(seconds, MIN_TIME_MAX)))
                .map(seconds -> Duration.ofMillis((long) (seconds * MILLIS)))
                .orElse(usual.minTime()),
            body.integer("min_runs").orElse(usual.minRuns()),
            body.integer("max_runs", 0, RUNS_MAX).orElse(usual.maxRuns()),
            usual.every());
    body.end();
    return deployments.schedule(call.id("id"), window).thenApply(done -> Answer.ok(null));
  }

  private CompletableFuture<Answer> create(Call call) {
    var now = clock.instant();
    var drafts = new ArrayList<ScheduleJson.Draft>();
    var bodies = call.bodies();
    for (var body : bodies) {
      drafts.add(ScheduleJson.readNew(body, now));
    }
    Bodies.end(bodies);
    var created = drafts.stream().map(draft -> draft.create(now)).toList();
    var id = call.id("id");
    return change(
            id,
            before -> {
              var all = new ArrayList<>(before);
              all.addAll(created);
              return all;
            })
        .thenApply(
            after -> Answer.created(created.stream().map(s -> ScheduleJson.of(id, s)).toList()));
  }

  private CompletableFuture<Answer> list(Call call) {
    return deployments.get(call.id("id")).thenApply(found -> Answer.ok(ScheduleJson.of(found)));
  }

  private CompletableFuture<Answer> update(Call call) {
    var now = clock.instant();
    var body = call.body();
    var draft = ScheduleJson.read(body, now);
    body.end();
    return changeOne(call, schedule -> List.of(draft.change(schedule, now)));
  }

  private CompletableFuture<Answer> delete(Call call) {
    return changeOne(call, schedule -> List.of());
  }

  private CompletableFuture<Answer> changeOne(
      Call call, Function<Schedule, List<Schedule>> change) {
    var id = call.id("id");
    var scheduleId = call.id("schedule_id");
    return change(
            id,
            before -> {
              var after = new ArrayList<Schedule>();
              boolean found = false;
              for (var schedule : before) {
                boolean meant = schedule.id().equals(scheduleId);
                after.addAll(meant ? change.apply(schedule) : List.of(schedule));
                found |= meant;
              }
              if (!found) {
                throw new Refused(new Rejection.NotFound(SCHEDULE, scheduleId.toString()));
              }
              return after;
            })
        .thenApply(after -> Answer.noContent());
  }

  private CompletableFuture<Deployment> change(
      UUID id, Function<List<Schedule>, List<Schedule>> change) {
    return deployments.change(
        id,
        before -> {
          var after = change.apply(before.schedules());
          checkSlugs(after);
          return CompletableFuture.completedFuture(
              new Edit(before.spec(), after, new LimitWish.Keep()));
        });
  }

  private static void checkSlugs(List<Schedule> schedules) {
    var slugs = schedules.stream().map(Schedule::slug).filter(slug -> slug != null).toList();
    if (slugs.stream().distinct().count() < slugs.size()) {
      throw new Plain(409, "Schedule slugs must be unique within a deployment.");
    }
  }
}
