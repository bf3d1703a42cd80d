package io.sluice.load.report;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sluice.load.compare.Comparison;
import io.sluice.load.compare.Comparison.Played;
import java.time.Instant;

/** The raw figures of all rounds, the medians and the ratios, for programs. */
final class JsonReport {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final double NANOS_PER_MS = 1e6;
  private static final double[] PERCENTILES = {50, 75, 90, 95, 99, 99.9, 99.99, 100};

  private JsonReport() {}

  static ObjectNode of(Comparison comparison, Instant at) {
    var json = JSON.createObjectNode();
    json.put("workload", comparison.workload()).put("at", at.toString());
    json.put("machine", Machine.text());
    var servers = json.putObject("servers");
    comparison.servers().forEach(one -> servers.put(one.label(), one.api().toString()));
    json.set("floors", JSON.valueToTree(comparison.floors()));
    var summary = json.putObject("summary");
    for (var variant : comparison.variants()) {
      var each = summary.putObject(variant);
      for (var server : comparison.servers()) {
        each.set(server.label(), JSON.valueToTree(comparison.medians(variant, server)));
      }
      var ratios = each.putObject("ratio");
      comparison
          .figures(variant)
          .forEach(
              figure ->
                  comparison.ratio(variant, figure).ifPresent(value -> ratios.put(figure, value)));
    }
    var rounds = json.putArray("rounds");
    comparison.played().forEach(played -> rounds.add(round(played)));
    return json;
  }

  private static ObjectNode round(Played played) {
    var json = JSON.createObjectNode();
    json.put("variant", played.variant())
        .put("server", played.server().label())
        .put("round", played.number());
    json.set("figures", JSON.valueToTree(played.round().figures()));
    json.set("faults", JSON.valueToTree(played.round().faults()));
    var percentiles = json.putObject("percentiles_ms");
    played
        .round()
        .times()
        .forEach(
            (name, times) -> {
              var each = percentiles.putObject(name);
              for (double percentile : PERCENTILES) {
                each.put(
                    Numbers.format("%s", percentile),
                    times.getValueAtPercentile(percentile) / NANOS_PER_MS);
              }
            });
    var held = json.putArray("held_ms");
    for (var one : played.round().held()) {
      held.addArray()
          .add(one.holder())
          .add(one.asked() / NANOS_PER_MS)
          .add(one.granted() / NANOS_PER_MS)
          .add(one.released() / NANOS_PER_MS);
    }
    return json;
  }
}
