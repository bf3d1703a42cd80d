package io.sluice.load.report;

import io.sluice.load.compare.Comparison;

/** The report for people who read text. */
final class MarkdownReport {
  private MarkdownReport() {}

  static String of(Comparison comparison) {
    var text = new StringBuilder();
    text.append("# ").append(comparison.workload()).append("\n\n");
    for (var server : comparison.servers()) {
      text.append("- %s: %s%n".formatted(server.label(), server.api()));
    }
    text.append("- ").append(Machine.text()).append("\n");
    for (var variant : comparison.variants()) {
      int rounds = comparison.rounds(variant, comparison.servers().get(0)).size();
      text.append("\n## %s (%s)%n%n".formatted(variant, rounds(rounds)));
      text.append(Table.of(comparison, variant).markdown());
    }
    if (!comparison.floors().isEmpty()) {
      text.append("\n## Floors, measured in the same run\n\n");
      text.append(Table.floors(comparison.floors()).markdown());
    }
    for (var server : comparison.servers()) {
      var faults = comparison.faults(server);
      if (!faults.isEmpty()) {
        text.append("\n## Faults of %s%n%n".formatted(server.label()));
        faults.forEach(fault -> text.append("- ").append(fault).append("\n"));
      }
    }
    return text.toString();
  }

  static String rounds(int rounds) {
    return rounds == 1 ? "one round" : "medians of %d rounds".formatted(rounds);
  }
}
