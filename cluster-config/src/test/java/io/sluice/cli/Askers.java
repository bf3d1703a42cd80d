package io.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Clients that create limits one after the other until the server no longer does. */
final class Askers {
  private static final int CLIENTS = 8;
  private static final int PATIENCE_SECONDS = 60;

  private final HttpClient http = HttpClient.newHttpClient();
  private final Queue<String> acknowledged = new ConcurrentLinkedQueue<>();
  private final CountDownLatch busy = new CountDownLatch(100);
  private final List<Thread> clients = new ArrayList<>();

  private Askers() {}

  /** Starts clients of {@code api}; returns when they have had a hundred limits acknowledged. */
  static Askers start(String api) throws InterruptedException {
    var askers = new Askers();
    for (int i = 0; i < CLIENTS; i++) {
      var prefix = "db-" + i + "-";
      var client =
          new Thread(() -> askers.ask(URI.create(api + "/v2/concurrency_limits/"), prefix));
      client.start();
      askers.clients.add(client);
    }
    assertThat(askers.busy.await(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
    return askers;
  }

  private void ask(URI limits, String prefix) {
    try {
      for (int i = 0; true; i++) {
        var body = "{\"name\":\"%s%d\",\"limit\":2}".formatted(prefix, i);
        var request =
            HttpRequest.newBuilder(limits)
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(body))
                .build();
        if (http.send(request, BodyHandlers.ofString()).statusCode() != 201) {
          return;
        }
        acknowledged.add(prefix + i);
        busy.countDown();
      }
    } catch (IOException gone) {
      // The server has ended, which is what this client waited for.
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /** The names of all limits whose creation was acknowledged, once no client asks any more. */
  List<String> acknowledged() throws InterruptedException {
    for (var client : clients) {
      client.join(TimeUnit.SECONDS.toMillis(PATIENCE_SECONDS));
    }
    return List.copyOf(acknowledged);
  }
}
