package io.sluice.filter;

import io.sluice.store.RowChange;
import io.sluice.store.Store;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

/**
 * A flow run of a test, as far as listings and histories look at it.
 *
 * @param number makes its id
 * @param runSeconds in former states
 */
record RunRow(
    int number,
    String type,
    UUID deployment,
    Instant entered,
    Instant expected,
    Instant started,
    double runSeconds) {
  private static final String INSERT =
      "INSERT INTO flow_run (id, version, created, updated, name, flow_id, deployment_id,"
          + " auto_scheduled, state_type, state_name, state_timestamp, run_count,"
          + " expected_start_time, start_time, start_or_expected, total_run_seconds, doc, payload)"
          + " VALUES (?, 1, ?, ?, ?, ?, ?, FALSE, ?, ?, ?, 0, ?, ?, ?, ?, '{}', '{}')";

  UUID id() {
    return id(number);
  }

  static UUID id(int number) {
    return new UUID(number * 0x9E3779B97F4A7C15L, number);
  }

  Instant startOrExpected() {
    return started == null ? expected : started;
  }

  String name() {
    return "run-" + number;
  }

  private RowChange insert() {
    return RowChange.of(
        INSERT,
        id(),
        entered,
        entered,
        name(),
        id(0),
        deployment,
        type,
        type,
        entered,
        expected,
        started,
        startOrExpected(),
        runSeconds);
  }

  static void insert(Store store, List<RunRow> runs) {
    store.writeApart(runs.stream().map(RunRow::insert).toList()).join();
  }
}
