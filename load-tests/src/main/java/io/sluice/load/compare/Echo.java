package io.sluice.load.compare;

import io.sluice.load.Failure;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.util.concurrent.TimeUnit;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.HttpStatus;
import org.apache.hc.core5.http.impl.bootstrap.HttpServer;
import org.apache.hc.core5.http.impl.bootstrap.ServerBootstrap;
import org.apache.hc.core5.http.io.SocketConfig;
import org.apache.hc.core5.http.io.entity.EntityUtils;
import org.apache.hc.core5.http.io.entity.StringEntity;
import org.apache.hc.core5.http.protocol.HttpContext;
import org.apache.hc.core5.io.CloseMode;

/**
 * A server inside of this program that grants everything and keeps nothing: what the tool measures
 * on it is what the tool and the machine can do at best.
 */
final class Echo implements AutoCloseable {
  private static final String GRANT =
      "{\"lease_id\": \"00000000-0000-4000-8000-000000000000\", \"active_slots\": 0, \"limits\":"
          + " [{\"id\": \"00000000-0000-4000-8000-000000000001\", \"name\": \"x\","
          + " \"limit\": 1000}]}";

  private final HttpServer server;

  Echo() {
    server =
        ServerBootstrap.bootstrap()
            .setLocalAddress(InetAddress.getLoopbackAddress())
            .setListenerPort(0)
            .setSocketConfig(SocketConfig.custom().setTcpNoDelay(true).build())
            .setCanonicalHostName("127.0.0.1")
            .register("*", Echo::answer)
            .create();
    try {
      server.start();
    } catch (IOException failed) {
      throw new Failure(
          "No echo server can be started: " + failed.getMessage(),
          "Free a port, or leave the floors out with --no-floors.",
          failed);
    }
  }

  private static void answer(
      ClassicHttpRequest request, ClassicHttpResponse response, HttpContext context)
      throws IOException {
    EntityUtils.consume(request.getEntity());
    if (request.getPath().endsWith("decrement-with-lease")) {
      response.setCode(HttpStatus.SC_NO_CONTENT);
    } else {
      response.setEntity(new StringEntity(GRANT, ContentType.APPLICATION_JSON));
    }
  }

  URI api() {
    return URI.create("http://127.0.0.1:%d/api".formatted(server.getLocalPort()));
  }

  @Override
  public void close() {
    server.initiateShutdown();
    try {
      server.awaitTermination(org.apache.hc.core5.util.TimeValue.of(1, TimeUnit.SECONDS));
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
    server.close(CloseMode.IMMEDIATE);
  }
}
