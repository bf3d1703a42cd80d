package io.sluice.load;

import com.fasterxml.jackson.databind.JsonNode;
import io.sluice.load.StubServer.Given;
import io.sluice.load.StubServer.Seen;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * The least that a burst needs of a server: runs with states, one limit, whose slots a test
 * chooses.
 */
final class StubOrchestra implements Function<Seen, Given> {
  private final int slots;
  private final Map<String, String> states = new LinkedHashMap<>();
  private int taken;

  StubOrchestra(int slots) {
    this.slots = slots;
  }

  @Override
  public synchronized Given apply(Seen ask) {
    var path = ask.path();
    if (path.endsWith("/create_flow_run")) {
      var id = "run-" + (states.size() + 1);
      states.put(id, "SCHEDULED");
      return Given.ok("{\"id\": \"%s\", \"state\": {\"type\": \"SCHEDULED\"}}".formatted(id));
    } else if (path.endsWith("/get_scheduled_flow_runs")) {
      return Given.ok(due());
    } else if (path.endsWith("/set_state")) {
      return propose(path.split("/")[2], ask.body().path("state"));
    } else if (path.endsWith("/concurrency_status")) {
      return Given.ok("{\"active_slots\": %d, \"queues\": []}".formatted(taken));
    } else if (path.startsWith("/v2/concurrency_limits/")) {
      return Given.ok("{\"active_slots\": %d}".formatted(taken));
    }
    return Given.ok("{\"id\": \"of-the-stage\"}");
  }

  private String due() {
    List<String> rows = new ArrayList<>();
    states.forEach(
        (run, state) -> {
          if (state.equals("SCHEDULED")) {
            rows.add("{\"flow_run\": {\"id\": \"%s\"}}".formatted(run));
          }
        });
    return rows.toString();
  }

  private Given propose(String run, JsonNode state) {
    var before = states.get(run);
    var type = state.path("type").asText();
    if (type.equals("PENDING") && before.equals("SCHEDULED")) {
      if (taken >= slots) {
        return answer("WAIT", before, "\"delay_seconds\": 0");
      }
      taken++;
    } else if (state.path("name").asText().equals("Pending")) {
      return answer("ABORT", before, "\"type\": \"abort_details\"");
    } else if (type.equals("COMPLETED")) {
      taken--;
    }
    states.put(run, type);
    return answer("ACCEPT", type, "\"type\": \"accept_details\"");
  }

  static Given answer(String verdict, String state, String details) {
    return Given.ok(
        """
        {"status": "%s", "state": {"type": "%s", "state_details":
          {"deployment_concurrency_lease_id": "lease"}}, "details": {%s}}"""
            .formatted(verdict, state, details));
  }
}
