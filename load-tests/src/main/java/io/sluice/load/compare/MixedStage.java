package io.sluice.load.compare;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;

/**
 * What a mixed load plays on, all under new names.
 *
 * @param hot a limit that more want than have room
 * @param many limits with room for all
 * @param rate a limit whose slots come back by themselves
 * @param deployment the id of one with a limit
 */
record MixedStage(String hot, List<String> many, String rate, String deployment) {
  private static final int MANY = 100;
  private static final int ROOM = 1000;
  private static final int RATE_SLOTS = 10;
  private static final double RATE_PER_SECOND = 10;
  private static final int CLIENTS_PER_HOT_SLOT = 32;
  private static final int RUNS_AT_ONCE = 3;

  /**
   * @throws io.sluice.load.Failure if the server cannot be reached or refuses
   */
  static MixedStage set(Caller caller, int clients) throws InterruptedException {
    var hot = Slots.name("mixed-hot");
    Slots.make(caller, hot, Math.max(1, clients / CLIENTS_PER_HOT_SLOT), 0);
    var many = new ArrayList<String>();
    for (int number = 0; number < MANY; number++) {
      many.add(Slots.name("mixed"));
      Slots.make(caller, many.get(number), ROOM, 0);
    }
    var rate = Slots.name("mixed-rate");
    Slots.make(caller, rate, RATE_SLOTS, RATE_PER_SECOND);
    return new MixedStage(hot, List.copyOf(many), rate, deployment(caller));
  }

  private static String deployment(Caller caller) throws InterruptedException {
    var name = Slots.name("mixed");
    var flow = Slots.must(caller, "/flows/", object().put("name", name)).path("id").asText();
    var body =
        object()
            .put("name", name)
            .put("flow_id", flow)
            .put("entrypoint", "flow.py:f")
            .put("path", ".")
            .put("concurrency_limit", RUNS_AT_ONCE);
    return Slots.must(caller, "/deployments/", body).path("id").asText();
  }

  private static ObjectNode object() {
    return Caller.JSON.createObjectNode();
  }

  /** Limits of which nothing is taken once all clients have ended. */
  List<String> limits() {
    var all = new ArrayList<>(many);
    all.add(hot);
    return all;
  }
}
