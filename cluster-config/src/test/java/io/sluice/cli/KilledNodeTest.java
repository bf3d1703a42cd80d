package io.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Pattern;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** In Prefect 3.8.8 slot and lease are written to two stores, one after the other. */
@DisplayName("A node that is killed while slots are taken and given back")
class KilledNodeTest {
  private static final Pattern SLOTS = Pattern.compile("\"active_slots\":(\\d+)");
  private static final Pattern ID = Pattern.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");

  @TempDir Path data;

  private Program start() throws Exception {
    return Program.sluice("server", "start", "--port", "0", "--data-dir", data.toString());
  }

  private static String awaitReady(Program program) throws InterruptedException {
    return program.awaitLine("^Sluice .* answers at (\\S+) ").group(1);
  }

  @Test
  void has_no_slot_without_a_lease_nor_a_lease_without_a_slot() throws Exception {
    SlotTakers takers;
    try (var first = start()) {
      var api = awaitReady(first);
      takers = new SlotTakers(api);
      takers.post(api + "/concurrency_limits/", "{'tag': 'db', 'concurrency_limit': 100000}");
      takers.start();
      first.kill();
      first.awaitExit();
    }
    takers.awaitEnd();
    try (var second = start()) {
      check(takers, awaitReady(second));
    }
  }

  private static void check(SlotTakers takers, String api) throws Exception {
    var holders = holders(takers, api);
    assertThat(slots(takers, api)).as("slots, each of a lease").isEqualTo(holders.size());
    assertThat(holders).as("all who were told of a lease").containsAll(takers.held().keySet());
    for (var lease : takers.held().values()) {
      assertThat(takers.renew(api, lease)).as("renewal of %s", lease).isEqualTo(204);
      takers.giveBack(api, lease);
    }
    for (var lease : takers.leaving()) {
      takers.giveBack(api, lease);
    }
    assertThat(takers.unanswered())
        .as("all who still hold, whose answer was lost")
        .containsAll(holders(takers, api));
    for (var task : takers.unanswered()) {
      takers.giveBack(api, takers.take(api, task));
    }
    assertThat(slots(takers, api)).as("slots when all is given back").isZero();
  }

  private static int slots(SlotTakers takers, String api) throws Exception {
    var slots = SLOTS.matcher(takers.get(api + "/v2/concurrency_limits/tag%3Adb"));
    assertThat(slots.find()).isTrue();
    return Integer.parseInt(slots.group(1));
  }

  /** The task runs of the leases. */
  private static Set<UUID> holders(SlotTakers takers, String api) throws Exception {
    var limit = takers.get(api + "/concurrency_limits/tag/db");
    var list = limit.substring(limit.indexOf("\"active_slots\""));
    var holders = new HashSet<UUID>();
    ID.matcher(list).results().forEach(id -> holders.add(UUID.fromString(id.group())));
    return holders;
  }
}
