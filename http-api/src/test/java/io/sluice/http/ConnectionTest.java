package io.sluice.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("A connection")
class ConnectionTest {
  private final Connection connection = new Connection();
  private final AtomicInteger told = new AtomicInteger();

  @Test
  void tells_its_watchers_once_when_it_ends() {
    connection.whenGone(told::incrementAndGet);
    connection.whenGone(told::incrementAndGet);
    assertThat(told).hasValue(0);
    assertThat(connection.isGone()).isFalse();
    connection.end();
    connection.end();
    assertThat(told).hasValue(2);
    assertThat(connection.isGone()).isTrue();
  }

  @Test
  void tells_a_watcher_that_comes_too_late_at_once() {
    connection.end();
    connection.whenGone(told::incrementAndGet);
    assertThat(told).hasValue(1);
    connection.end();
    assertThat(told).hasValue(1);
  }

  @Test
  void does_not_tell_who_no_longer_watches() {
    connection.whenGone(told::incrementAndGet).run();
    connection.end();
    assertThat(told).hasValue(0);
  }

  @Test
  void does_not_know_the_host_of_its_client_before_it_is_told() {
    assertThat(connection.remoteHost()).isEmpty();
    connection.remoteHost("10.0.0.7");
    assertThat(connection.remoteHost()).isEqualTo("10.0.0.7");
  }

  @Test
  void tells_each_watcher_exactly_once_however_its_end_races_with_their_coming()
      throws InterruptedException, ExecutionException {
    int rounds = 1000;
    var pool = Executors.newFixedThreadPool(2);
    try {
      for (int round = 0; round < rounds; round++) {
        var raced = new Connection();
        var counts = new ArrayList<AtomicInteger>();
        for (int i = 0; i < 200; i++) {
          counts.add(new AtomicInteger());
        }
        // Those that came before give the end something to do while the others come.
        counts.subList(0, 100).forEach(count -> raced.whenGone(count::incrementAndGet));
        var together = new CyclicBarrier(2);
        var ending =
            pool.submit(
                () -> {
                  together.await();
                  raced.end();
                  return null;
                });
        var coming =
            pool.submit(
                () -> {
                  together.await();
                  counts.subList(100, 200).forEach(count -> raced.whenGone(count::incrementAndGet));
                  return null;
                });
        ending.get();
        coming.get();
        assertThat(counts).as("round %d", round).allMatch(count -> count.get() == 1);
      }
    } finally {
      pool.shutdown();
    }
  }
}
