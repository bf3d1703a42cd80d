package io.sluice.limit;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.UUID;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The wait for a request")
class ParkingTest {
  private static final UUID LIMIT = new UUID(0x1000, 1);
  private static final UUID LEASE = OwnerKey.leaseOf(LIMIT, new UUID(0, 7));
  private static final Duration KEEP = Duration.ofSeconds(5);

  private final ScriptedAsks owners = new ScriptedAsks();
  private final Acquisition acquisition = owners.parked(LIMIT, LEASE);
  private final Parking parking = new Parking();

  @Test
  void goes_on_until_it_is_ended() {
    parking.begin(acquisition);
    assertThat(owners.lastAsked()).isInstanceOf(LimitCommand.Acquire.class);
    parking.end(KEEP);
    assertThat(owners.lastAsked()).isEqualTo(new LimitCommand.Withdraw(LEASE, KEEP));
  }

  @Test
  void is_over_at_once_if_it_was_ended_before_it_began() {
    parking.end(null);
    parking.begin(acquisition);
    assertThat(owners.lastAsked()).isEqualTo(new LimitCommand.Withdraw(LEASE, null));
  }
}
