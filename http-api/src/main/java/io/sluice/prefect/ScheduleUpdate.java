package io.sluice.prefect;

import io.sluice.deployment.Deployment;
import io.sluice.deployment.Schedule;
import io.sluice.http.Plain;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;

/**
 * What becomes of the schedules of a deployment that is updated (Prefect 3.8.8,
 * server/api/deployments.py update_deployment): where all have slugs those that are named change
 * and the others stay; otherwise the given ones replace all.
 */
final class ScheduleUpdate {
  private static final int UNPROCESSABLE = 422;

  private ScheduleUpdate() {}

  static List<Schedule> of(Deployment before, List<ScheduleJson.Draft> drafts, Instant now) {
    var present = before.schedules();
    boolean presentNamed =
        !present.isEmpty() && present.stream().allMatch(schedule -> schedule.slug() != null);
    boolean draftsNamed = drafts.stream().allMatch(draft -> draft.slug() != null);
    if (presentNamed && !draftsNamed) {
      throw new Plain(
          UNPROCESSABLE,
          "Please provide a slug for each schedule in your request to ensure schedules are"
              + " updated correctly.");
    } else if (!presentNamed) {
      return drafts.stream()
          .filter(draft -> draft.schedule().isPresent())
          .map(draft -> draft.create(now))
          .toList();
    }
    checkRenames(present, drafts);
    return merged(present, drafts, now);
  }

  private static void checkRenames(List<Schedule> present, List<ScheduleJson.Draft> drafts) {
    var replaced = new HashSet<String>();
    for (var draft : drafts) {
      if (draft.replaces() != null && !replaced.add(draft.replaces())) {
        throw new Plain(
            UNPROCESSABLE,
            "Multiple schedules have 'replaces' targeting the same slug: " + draft.replaces());
      }
    }
    for (var draft : drafts) {
      boolean taken = present.stream().anyMatch(s -> s.slug().equals(draft.slug()));
      if (draft.replaces() != null && taken && !replaced.contains(draft.slug())) {
        throw new Plain(
            UNPROCESSABLE,
            "Cannot rename schedule from '%s' to '%s': a schedule with slug '%s' already exists."
                .formatted(draft.replaces(), draft.slug(), draft.slug()));
      }
    }
  }

  private static List<Schedule> merged(
      List<Schedule> present, List<ScheduleJson.Draft> drafts, Instant now) {
    var after = new ArrayList<>(present);
    for (var draft : drafts) {
      var target = Objects.requireNonNullElse(draft.replaces(), draft.slug());
      var known = present.stream().filter(s -> s.slug().equals(target)).findFirst();
      if (known.isPresent()) {
        after.set(present.indexOf(known.get()), draft.change(known.get(), now));
      } else if (draft.schedule().isPresent()) {
        after.add(draft.create(now));
      } else {
        throw new Plain(
            UNPROCESSABLE,
            "Unable to create new deployment schedules without a schedule configuration.");
      }
    }
    return after;
  }
}
