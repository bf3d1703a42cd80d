package io.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/**
 * Task runs that take slots of the limit of a tag, keep one for each that they give back, and go on
 * until the server no longer answers.
 */
final class SlotTakers {
  private static final int CLIENTS = 8;
  private static final int PATIENCE_SECONDS = 60;
  private static final String ALL = "/v2/concurrency_limits/";
  private static final Pattern LEASE = Pattern.compile("\"lease_id\":\"([^\"]+)\"");

  private final HttpClient http = HttpClient.newHttpClient();
  private final String api;
  private final Set<UUID> asked = ConcurrentHashMap.newKeySet();
  private final Map<UUID, String> held = new ConcurrentHashMap<>();
  private final Map<UUID, String> leaving = new ConcurrentHashMap<>();
  private final CountDownLatch busy = new CountDownLatch(100);
  private final List<Thread> clients = new ArrayList<>();

  SlotTakers(String api) {
    this.api = api;
  }

  /** Starts them; returns when they have been given a hundred slots. */
  void start() throws InterruptedException {
    for (int i = 0; i < CLIENTS; i++) {
      var client = new Thread(this::takeAndGiveBack);
      client.start();
      clients.add(client);
    }
    assertThat(busy.await(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
  }

  private void takeAndGiveBack() {
    try {
      for (int i = 0; true; i++) {
        var task = UUID.randomUUID();
        asked.add(task);
        held.put(task, take(api, task));
        asked.remove(task);
        busy.countDown();
        if (i % 2 == 0) {
          var lease = held.remove(task);
          leaving.put(task, lease);
          giveBack(api, lease);
          leaving.remove(task);
        }
      }
    } catch (IOException gone) {
      // The server has ended, which is what this client waited for.
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /** Returns when none of them asks any more. */
  void awaitEnd() throws InterruptedException {
    for (var client : clients) {
      client.join(TimeUnit.SECONDS.toMillis(PATIENCE_SECONDS));
      assertThat(client.isAlive()).isFalse();
    }
  }

  /** The lease of each task run that was told of it and has not begun to give it back. */
  Map<UUID, String> held() {
    return Map.copyOf(held);
  }

  /** Leases that were being given back. */
  List<String> leaving() {
    return List.copyOf(leaving.values());
  }

  /** Task runs that asked and had no answer. */
  Set<UUID> unanswered() {
    return Set.copyOf(asked);
  }

  // ---- what a client says ----

  String take(String server, UUID task) throws IOException, InterruptedException {
    var body =
        "{'names':['tag:db'],'slots':1,'mode':'concurrency','holder':{'type':'task_run','id':'%s'}}";
    var answer = post(server + ALL + "increment-with-lease", body.formatted(task));
    var lease = LEASE.matcher(answer.body());
    assertThat(lease.find()).as("%s", answer.body()).isTrue();
    return lease.group(1);
  }

  void giveBack(String server, String lease) throws IOException, InterruptedException {
    post(server + ALL + "decrement-with-lease", "{'lease_id':'%s'}".formatted(lease));
  }

  int renew(String server, String lease) throws IOException, InterruptedException {
    return post(server + ALL + "leases/" + lease + "/renew", "{}").statusCode();
  }

  HttpResponse<String> post(String url, String body) throws IOException, InterruptedException {
    var request =
        HttpRequest.newBuilder(URI.create(url))
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(body.replace('\'', '"')))
            .build();
    return http.send(request, BodyHandlers.ofString());
  }

  String get(String url) throws IOException, InterruptedException {
    var request = HttpRequest.newBuilder(URI.create(url)).build();
    return http.send(request, BodyHandlers.ofString()).body();
  }
}
