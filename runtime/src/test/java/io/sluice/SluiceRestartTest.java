package io.sluice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.ConfigFactory;
import io.sluice.store.DataDirUnusable;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("A Sluice that is closed and started again on the same directory")
class SluiceRestartTest {
  private static final Duration LONG = Duration.ofSeconds(60);
  private static final Duration LEASE = Duration.ofSeconds(3);

  private static final String[] LIMITS = {"printer", "paper", "toner", "staples"};

  @TempDir Path data;

  @Test
  void keeps_limits_and_leases_and_frees_the_slots_of_a_holder_that_vanished() throws Exception {
    var lost = new CompletableFuture<LeaseLoss>();
    long token;
    try (var sluice = Sluice.embedded(data)) {
      sluice.define(LimitDefinition.of("printer", 1));
      var request =
          LeaseRequest.of("printer")
              .withDuration(LEASE)
              .heldBy("invoice 7")
              .withListener((lease, why) -> lost.complete(why));
      token = sluice.awaitLease(request, LONG).fencingToken();
    }
    assertThat(lost.get(60, TimeUnit.SECONDS)).isEqualTo(LeaseLoss.SLUICE_CLOSED);
    try (var again = Sluice.embedded(data)) {
      var state = again.find("printer").orElseThrow();
      assertThat(state.slots()).isEqualTo(1);
      assertThat(state.holders())
          .singleElement()
          .satisfies(holder -> assertThat(holder.name()).isEqualTo("invoice 7"));
      try (var next = again.awaitLease("printer", LONG)) {
        assertThat(next.fencingToken()).isGreaterThan(token);
      }
    }
  }

  @Test
  void has_given_back_what_was_closed_just_before() throws Exception {
    try (var sluice = Sluice.embedded(data)) {
      for (var limit : LIMITS) {
        sluice.define(LimitDefinition.of(limit, 1));
      }
      sluice.awaitLease(LeaseRequest.of(LIMITS), LONG).close();
    }
    try (var again = Sluice.embedded(data)) {
      for (var limit : LIMITS) {
        assertThat(again.find(limit).orElseThrow().held()).isZero();
      }
    }
  }

  @Test
  void has_told_who_waited_that_it_closes() throws Exception {
    var blocked = new CompletableFuture<Throwable>();
    CompletableFuture<Lease> stage;
    Lease open;
    var sluice = Sluice.embedded(data);
    try (sluice) {
      sluice.define(LimitDefinition.of("printer", 1));
      var changes = new Changes();
      sluice.listen("printer", changes);
      open = sluice.awaitLease("printer", LONG);
      new Thread(
              () -> {
                try (var unwanted = sluice.awaitLease("printer", LONG)) {
                  blocked.complete(new AssertionError("granted: " + unwanted));
                } catch (InterruptedException | RuntimeException ended) {
                  blocked.complete(ended);
                }
              })
          .start();
      stage = sluice.async().awaitLease(LeaseRequest.of("printer"), LONG).toCompletableFuture();
      changes.awaitWaiting(2);
    }
    assertThat(blocked.get(60, TimeUnit.SECONDS)).isInstanceOf(SluiceException.Closed.class);
    assertThatThrownBy(() -> stage.get(60, TimeUnit.SECONDS))
        .hasCauseInstanceOf(SluiceException.Closed.class);
    assertThat(open.isHeld()).isFalse();
    open.close();
    sluice.close();
    assertThatThrownBy(() -> sluice.find("printer")).isInstanceOf(SluiceException.Closed.class);
    assertThatThrownBy(() -> sluice.tryLease("printer")).isInstanceOf(SluiceException.Closed.class);
  }

  @Test
  void has_the_directory_for_itself_and_as_many_leases_as_it_may() throws Exception {
    var few = ConfigFactory.parseString("sluice.library.requests-max = 2");
    try (var sluice = Sluice.embedded(data, few)) {
      assertThatThrownBy(() -> Sluice.embedded(data))
          .isInstanceOf(DataDirUnusable.class)
          .hasMessageContaining("in use by another Sluice");
      sluice.define(LimitDefinition.of("printer", 5));
      var one = sluice.awaitLease("printer", LONG);
      try (var two = sluice.awaitLease("printer", LONG)) {
        assertThat(two.isHeld()).isTrue();
        assertThatThrownBy(() -> sluice.awaitLease("printer", LONG))
            .isInstanceOf(SluiceException.TooMany.class)
            .hasMessageContainingAll("2 leases", "sluice.library.requests-max");
      }
      one.close();
    }
  }

  @Test
  void starts_after_a_start_that_failed(@TempDir Path data) {
    var bad = ConfigFactory.parseString("sluice.block.encryption-key = short");
    for (int i = 0; i < 2; i++) {
      assertThatThrownBy(() -> Sluice.embedded(data, bad)).hasMessageContaining("encryption-key");
    }
    Sluice.embedded(data).close();
  }
}
