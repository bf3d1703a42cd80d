package io.sluice.load.faults;

import io.sluice.load.StubServer.Given;
import io.sluice.load.StubServer.Seen;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;

/** Answers for limits as a node does, but at once; with a defect if a test says so. */
final class StubSlots implements Function<Seen, Given> {

  /** What it does wrong. */
  enum Defect {
    NONE,
    GRANTS_ALL,
    RELEASES_WITHOUT_LOOKING
  }

  private final Stock stock;
  private final Defect defect;
  private final Map<String, Stock.Limit> leases = new LinkedHashMap<>();
  private long tokens;
  private int extra;

  StubSlots(Stock stock, Defect defect) {
    this.stock = stock;
    this.defect = defect;
  }

  @Override
  public synchronized Given apply(Seen seen) {
    if (seen.method().equals("GET")) {
      var name = seen.path().substring(seen.path().lastIndexOf('/') + 1);
      return Given.ok("{\"active_slots\": %d}".formatted(Math.max(0, taken(name))));
    } else if (seen.path().endsWith("/increment-with-lease")) {
      return grant(stock.limits().get(seen.body().path("names").path(0).asText()));
    } else if (seen.path().endsWith("/decrement-with-lease")) {
      boolean held = leases.remove(seen.body().path("lease_id").asText()) != null;
      extra += !held && defect == Defect.RELEASES_WITHOUT_LOOKING ? 1 : 0;
      return new Given(204, "", null);
    }
    var parts = seen.path().split("/");
    return new Given(leases.containsKey(parts[parts.length - 2]) ? 204 : 410, "", null);
  }

  private int taken(String name) {
    return (int) leases.values().stream().filter(l -> l.name().equals(name)).count() - extra;
  }

  private Given grant(Stock.Limit limit) {
    if (defect != Defect.GRANTS_ALL && taken(limit.name()) >= limit.slots()) {
      return new Given(423, "{}", "0");
    }
    var lease = UUID.randomUUID().toString();
    leases.put(lease, limit);
    return new Given(
        200,
        "{\"lease_id\": \"%s\"}".formatted(lease),
        null,
        Map.of("Sluice-Fencing-Tokens", limit.id() + "=" + ++tokens));
  }
}
