package io.sluice.load.compare;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sluice.load.Failure;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * Asks for slots and gives them back as Prefect 3.8.8's client does
 * (prefect/concurrency/_asyncio.py): at a 423 it sleeps exactly the {@code Retry-After} and asks
 * again. A server may as well hold the request until there is a slot.
 */
record Slots(Caller caller) {
  private static final String LIMITS = "/v2/concurrency_limits/";
  private static final double NANOS_PER_SECOND = 1e9;
  static final int LEASE_SECONDS = 300;
  static final int LEASE_SECONDS_OF_TASK = 60;

  /** Makes a limit; {@code decayPerSecond} above 0 makes it a rate. */
  static void make(Caller caller, String name, int slots, double decayPerSecond)
      throws InterruptedException {
    var body = Caller.JSON.createObjectNode().put("name", name).put("limit", slots);
    body.put("active", true);
    if (decayPerSecond > 0) {
      body.put("slot_decay_per_second", decayPerSecond);
    }
    must(caller, LIMITS, body);
  }

  /** Makes the limit of a task tag. */
  static void makeTag(Caller caller, String tag, int slots) throws InterruptedException {
    must(
        caller,
        "/concurrency_limits/",
        Caller.JSON.createObjectNode().put("tag", tag).put("concurrency_limit", slots));
  }

  /** What a request that sets the stage is answered. */
  static JsonNode must(Caller caller, String path, ObjectNode body) throws InterruptedException {
    var answer = caller.post(path, body);
    if (answer.status() == 0) {
      throw new Failure(
          "No answer to POST %s: %s.".formatted(path, answer.excerpt()),
          "Start a server, e.g. 'java -jar sluice.jar server start', or name another with --url.",
          null);
    } else if (!answer.isSuccess()) {
      throw new Failure(
          "POST %s was answered %d: %s.".formatted(path, answer.status(), answer.excerpt()),
          "Check that --url ends in /api and that the server speaks Prefect 3's API.",
          null);
    }
    return answer.json();
  }

  /** A new name for a limit. */
  static String name(String of) {
    return of + "-" + UUID.randomUUID().toString().substring(0, 8);
  }

  /** What to ask for: one slot of each of the limits. */
  static byte[] ask(List<String> names, int leaseSeconds, boolean task) {
    var body = named(names).put("lease_duration", leaseSeconds);
    if (task) {
      body.putObject("holder").put("type", "task_run").put("id", UUID.randomUUID().toString());
    }
    return bytes(body);
  }

  /** The same without a lease, as rate_limit() and older clients ask. */
  static byte[] askPlain(List<String> names, String mode) {
    return bytes(named(names).put("mode", mode));
  }

  private static ObjectNode named(List<String> names) {
    var body = Caller.JSON.createObjectNode().put("slots", 1).put("mode", "concurrency");
    var list = body.putArray("names");
    names.forEach(list::add);
    return body;
  }

  private static byte[] bytes(ObjectNode body) {
    return body.toString().getBytes(StandardCharsets.UTF_8);
  }

  /** One attempt. */
  Answer tryAcquire(byte[] ask) throws InterruptedException {
    return caller.send("POST", LIMITS + "increment-with-lease", ask);
  }

  /** One attempt without a lease. */
  Answer tryAcquirePlain(byte[] ask) throws InterruptedException {
    return caller.send("POST", LIMITS + "increment", ask);
  }

  /** The lease, once it is granted; empty if the round ended before or the request failed. */
  Optional<String> acquire(byte[] ask) throws InterruptedException {
    for (var answer = tryAcquire(ask); ; answer = tryAcquire(ask)) {
      if (answer.isSuccess()) {
        return Optional.of(lease(answer));
      }
      if (!answer.isLocked() || !sleepAsTold(answer)) {
        return Optional.empty();
      }
    }
  }

  static String lease(Answer granted) {
    return granted.json().path("lease_id").asText();
  }

  /** True if the round is still on after that. */
  boolean sleepAsTold(Answer locked) throws InterruptedException {
    caller.counts().denied();
    return caller.deadline().pause(retryAfter(locked));
  }

  /** The client fails without it, and so does the round. */
  static Duration retryAfter(Answer locked) {
    try {
      double seconds = Double.parseDouble(locked.retryAfter());
      return Duration.ofNanos((long) (Math.max(0, seconds) * NANOS_PER_SECOND));
    } catch (NullPointerException | NumberFormatException none) {
      throw new Failure(
          "A 423 came with Retry-After '%s'; Prefect's client needs a number of seconds there."
              .formatted(locked.retryAfter()),
          "This server cannot be measured with it; see its log.",
          none);
    }
  }

  Answer release(String lease) throws InterruptedException {
    var body = Caller.JSON.createObjectNode().put("lease_id", lease);
    return caller.send("POST", LIMITS + "decrement-with-lease", bytes(body));
  }

  /** Where a lease is renewed. */
  static String renewal(String lease) {
    return LIMITS + "leases/" + lease + "/renew";
  }

  Answer releasePlain(byte[] ask) throws InterruptedException {
    return caller.send("POST", LIMITS + "decrement", ask);
  }

  /** What {@link #releasePlain} sends. */
  static byte[] back(List<String> names) {
    return bytes(named(names).put("occupancy_seconds", 0.001));
  }

  /** How many slots the server says are taken; -1 if it does not say. */
  int taken(String limit) throws InterruptedException {
    var answer = caller.get(LIMITS + limit.replace(":", "%3A"));
    return answer.isSuccess() ? answer.json().path("active_slots").asInt(-1) : -1;
  }

  /** What the server believes is still held of these limits; anything but 0 is a lost release. */
  static void addLeft(Server server, List<String> limits, Round.Builder round)
      throws InterruptedException {
    int left = 0;
    try (var caller = Caller.ofSetUp(server)) {
      for (var limit : limits) {
        int taken = new Slots(caller).taken(limit);
        if (taken < 0) {
          round.fault("it does not say how many slots of %s are taken".formatted(limit));
        }
        left += Math.max(0, taken);
      }
    }
    round.put("slots_left", left);
    if (left > 0) {
      round.fault("%d slots are still taken after all were given back".formatted(left));
    }
  }
}
