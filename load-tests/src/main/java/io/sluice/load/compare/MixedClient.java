package io.sluice.load.compare;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sluice.load.compare.MixedTimes.Deed;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;

/** Does one thing after the other, as it happens; whatever it began it brings to an end. */
final class MixedClient {
  private static final Duration HOLD = Duration.ofMillis(5);
  private static final Duration HOT_HOLD = Duration.ofMillis(20);
  private static final Duration AGAIN_AFTER = Duration.ofSeconds(1);
  private static final int RENEWALS = 3;
  private static final int PAGE = 50;

  private final Caller caller;
  private final Slots slots;
  private final MixedStage stage;
  private final SplittableRandom random;
  private final MixedTimes times;

  MixedClient(Caller caller, MixedStage stage, SplittableRandom random, MixedTimes times) {
    this.caller = caller;
    this.slots = new Slots(caller);
    this.stage = stage;
    this.random = random;
    this.times = times;
  }

  /**
   * @param pause between two things, at most
   * @param end in nanoseconds of {@link System#nanoTime()}; nothing is begun after it
   */
  void play(Duration pause, long end) throws InterruptedException {
    var deeds = Deed.values();
    while (System.nanoTime() < end
        && caller.deadline().pause(Duration.ofNanos(random.nextLong(pause.toNanos() + 1)))) {
      var deed = deeds[random.nextInt(deeds.length)];
      if (does(deed)) {
        times.done(deed);
      }
    }
  }

  /** True if it came to a good end. */
  private boolean does(Deed deed) throws InterruptedException {
    return switch (deed) {
      case HOT -> hold(List.of(stage.hot()), HOT_HOLD, 0);
      case TWO -> hold(List.of(any(), any()), HOLD, 0);
      case RENEWED -> hold(List.of(any()), HOLD, RENEWALS);
      case RATE -> takeRate();
      case RUN -> run();
      case READ -> read();
    };
  }

  private String any() {
    return stage.many().get(random.nextInt(stage.many().size()));
  }

  private boolean hold(List<String> limits, Duration hold, int renewals)
      throws InterruptedException {
    var names = limits.stream().distinct().toList();
    var lease = slots.acquire(Slots.ask(names, Slots.LEASE_SECONDS, false));
    if (lease.isEmpty()) {
      return false;
    }
    boolean fine = caller.deadline().pause(hold);
    var renewal = object().put("lease_duration", Slots.LEASE_SECONDS);
    for (int number = 0; number < renewals; number++) {
      fine &= post(Slots.renewal(lease.get()), renewal).isSuccess();
    }
    return prompt(() -> slots.release(lease.get()).isSuccess()) && fine;
  }

  private boolean takeRate() throws InterruptedException {
    var answer = slots.tryAcquirePlain(Slots.askPlain(List.of(stage.rate()), "rate_limit"));
    return answer.isSuccess() || answer.isLocked() && slots.sleepAsTold(answer);
  }

  private boolean run() throws InterruptedException {
    var created = post("/deployments/" + stage.deployment() + "/create_flow_run", object());
    if (!created.isSuccess()) {
      return false;
    }
    var run = created.json().path("id").asText();
    while (!propose(run, "PENDING", "Pending")) {
      if (!caller.deadline().pause(AGAIN_AFTER)) {
        return false;
      }
    }
    return propose(run, "RUNNING", "Running")
        && caller.deadline().pause(HOLD)
        && propose(run, "COMPLETED", "Completed");
  }

  /** Whether the run is in that state now. PENDING may have to wait for the others' slots. */
  private boolean propose(String run, String type, String name) throws InterruptedException {
    var body = object();
    body.putObject("state").put("type", type).put("name", name);
    var path = "/flow_runs/" + run + "/set_state";
    var answer = "PENDING".equals(type) ? caller.post(path, body) : post(path, body);
    return "ACCEPT".equals(answer.json().path("status").asText());
  }

  private boolean read() throws InterruptedException {
    var page = object().put("limit", PAGE).put("sort", "EXPECTED_START_TIME_DESC");
    page.putObject("deployments").putObject("id").putArray("any_").add(stage.deployment());
    boolean listed = post("/flow_runs/filter", page).isSuccess();
    return prompt(() -> slots.taken(stage.hot())) >= 0 && listed;
  }

  private Answer post(String path, ObjectNode body) throws InterruptedException {
    return prompt(() -> caller.post(path, body));
  }

  private interface Request<T> {
    T send() throws InterruptedException;
  }

  /** A request that is answered at once. */
  private <T> T prompt(Request<T> request) throws InterruptedException {
    long sent = System.nanoTime();
    var answer = request.send();
    times.answered(sent, System.nanoTime());
    return answer;
  }

  private static ObjectNode object() {
    return Caller.JSON.createObjectNode();
  }
}
