package io.sluice;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import io.sluice.rejection.Refused;
import io.sluice.rejection.Rejection;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("A lease of one second")
class LiveLeaseTest {
  private static final Duration SECOND = Duration.ofSeconds(1);
  private static final UUID ID = new UUID(1, 2);

  private final Threads threads =
      new Threads(LibrarySettings.from(ConfigFactory.load().getConfig("sluice")));
  private final CompletableFuture<LeaseLoss> lost = new CompletableFuture<>();
  private final LinkedBlockingQueue<Long> renewals = new LinkedBlockingQueue<>();
  private final LinkedBlockingQueue<UUID> releases = new LinkedBlockingQueue<>();

  @AfterEach
  void stop() {
    threads.close();
  }

  /** An owner that answers each renewal with {@code answer}. */
  private LiveLease lease(CompletableFuture<Void> answer) {
    var owner =
        new LiveLease.Owner() {
          @Override
          public CompletableFuture<Void> renew(UUID lease, Duration duration) {
            renewals.add(System.nanoTime());
            return answer;
          }

          @Override
          public CompletableFuture<Void> release(UUID lease) {
            releases.add(lease);
            return CompletableFuture.failedFuture(new IllegalStateException("unreachable"));
          }
        };
    var request =
        LeaseRequest.of("printer")
            .withDuration(SECOND)
            .withListener((lease, why) -> lost.complete(why));
    return new LiveLease(owner, threads, request, ID, Map.of("printer", 7L));
  }

  private LeaseLoss awaitLoss() throws Exception {
    return lost.get(60, TimeUnit.SECONDS);
  }

  @Test
  void is_renewed_after_a_third_of_its_duration() throws Exception {
    long began = System.nanoTime();
    var lease = lease(CompletableFuture.completedFuture(null)).start(began);
    for (int renewal = 1; renewal <= 4; renewal++) {
      long after = renewals.poll(60, TimeUnit.SECONDS) - began;
      assertThat(after).isGreaterThanOrEqualTo(SECOND.toNanos() / 3 * renewal);
    }
    assertThat(lease.isHeld()).isTrue();
    assertThat(lease.fencingToken()).isEqualTo(7);
    lease.close();
  }

  /** Its owner may count from when it was asked for. */
  @Test
  void is_not_held_a_second_after_it_was_asked_for() throws Exception {
    var lease = lease(new CompletableFuture<>()).start(System.nanoTime() - SECOND.toNanos());
    assertThat(lease.isHeld()).isFalse();
    assertThat(awaitLoss()).isEqualTo(LeaseLoss.NOT_RENEWED);
  }

  @Test
  void is_to_be_renewed_before_anybody_relies_on_it_if_it_may_be_a_third_of_a_second_old() {
    long third = SECOND.toNanos() / 3;
    assertThat(LiveLease.isFresh(System.nanoTime() + third, SECOND)).isTrue();
    assertThat(LiveLease.isFresh(System.nanoTime() - third, SECOND)).isFalse();
  }

  @Test
  void is_lost_when_no_renewal_was_answered_for_its_duration() throws Exception {
    long began = System.nanoTime();
    var lease = lease(new CompletableFuture<>()).start(began);
    assertThat(awaitLoss()).isEqualTo(LeaseLoss.NOT_RENEWED);
    assertThat(System.nanoTime() - began).isGreaterThanOrEqualTo(SECOND.toNanos());
    assertThat(lease.isHeld()).isFalse();
    assertThat(renewals).as("it was tried").hasSizeBetween(1, 3);
  }

  @Test
  void is_lost_when_its_owner_does_not_know_it() throws Exception {
    var gone = new Refused(new Rejection.LeaseGone(ID));
    var lease = lease(CompletableFuture.failedFuture(gone)).start(System.nanoTime());
    assertThat(awaitLoss()).isEqualTo(LeaseLoss.GONE);
    assertThat(lease.isHeld()).isFalse();
  }

  @Test
  void closes_once_without_a_word_even_if_it_is_lost_or_its_owner_cannot_be_reached()
      throws Exception {
    var lease = lease(new CompletableFuture<>()).start(System.nanoTime());
    lease.lose(LeaseLoss.GONE);
    assertThat(awaitLoss()).isEqualTo(LeaseLoss.GONE);
    lease.close();
    lease.close();
    assertThat(releases).containsExactly(ID);
    assertThat(renewals).isEmpty();
  }
}
