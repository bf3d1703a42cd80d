package io.sluice.load.compare;

import com.fasterxml.jackson.databind.JsonNode;
import io.sluice.load.StubServer.Given;
import io.sluice.load.StubServer.Seen;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.StreamSupport;

/** Limits as Prefect's server has them, whose waiters poll; with a defect if a test says so. */
final class StubLimits implements Function<Seen, Given> {

  /** What it does wrong. */
  enum Defect {
    NONE,
    GRANTS_ALL,
    GRANTS_NONE,
    LOSES_RELEASES,
    NO_RETRY_AFTER,
    FAILS
  }

  private static final String LIMITS = "/v2/concurrency_limits/";
  private static final String SOON = "0.002";

  private final Defect defect;
  private final CountDownLatch asked;
  private final Map<String, Integer> slots = new HashMap<>();
  private final Map<String, Integer> taken = new HashMap<>();
  private final Map<String, List<String>> leases = new HashMap<>();

  StubLimits(Defect defect) {
    this(defect, 0);
  }

  /**
   * @param together nothing is granted before so many have asked
   */
  StubLimits(Defect defect, int together) {
    this.defect = defect;
    this.asked = new CountDownLatch(together);
  }

  @Override
  public Given apply(Seen seen) {
    if (seen.path().contains("/increment")) {
      asked.countDown();
      await();
    }
    return answer(seen);
  }

  private void await() {
    try {
      asked.await(30, TimeUnit.SECONDS);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private synchronized Given answer(Seen seen) {
    var path = seen.path();
    if (seen.method().equals("GET")) {
      int now = taken.getOrDefault(path.substring(LIMITS.length()), 0);
      return Given.ok("{\"active_slots\": %d}".formatted(now));
    } else if (path.equals("/concurrency_limits/")) {
      return made("tag:" + seen.body().path("tag").asText(), seen.body(), "concurrency_limit");
    } else if (path.equals(LIMITS)) {
      return made(seen.body().path("name").asText(), seen.body(), "limit");
    } else if (path.contains("/increment")) {
      return grant(names(seen.body()));
    }
    return released(seen);
  }

  private Given made(String name, JsonNode body, String field) {
    slots.put(name, body.path(field).asInt());
    return new Given(201, "{\"id\": \"%s\"}".formatted(UUID.randomUUID()), null);
  }

  private static List<String> names(JsonNode body) {
    return StreamSupport.stream(body.path("names").spliterator(), false)
        .map(JsonNode::asText)
        .toList();
  }

  private Given grant(List<String> names) {
    boolean full =
        names.stream().anyMatch(name -> taken.getOrDefault(name, 0) >= slots.getOrDefault(name, 0));
    if (defect == Defect.FAILS) {
      return new Given(500, "{}", null);
    } else if (defect == Defect.GRANTS_NONE || full && defect != Defect.GRANTS_ALL) {
      return new Given(423, "{}", defect == Defect.NO_RETRY_AFTER ? null : SOON);
    }
    names.forEach(name -> taken.merge(name, 1, Integer::sum));
    var lease = UUID.randomUUID().toString();
    leases.put(lease, names);
    return Given.ok("{\"lease_id\": \"%s\"}".formatted(lease));
  }

  private Given released(Seen seen) {
    var lease = seen.body().path("lease_id");
    var names =
        lease.isMissingNode() ? names(seen.body()) : leases.getOrDefault(lease.asText(), List.of());
    leases.remove(lease.asText());
    if (defect != Defect.LOSES_RELEASES) {
      names.forEach(name -> taken.merge(name, -1, Integer::sum));
    }
    return new Given(204, "", null);
  }
}
