package io.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("An address")
class AddressTest {

  private static Failure refused(String host, int port) {
    return catchThrowableOfType(Failure.class, () -> new Address(host, port).check());
  }

  private static HttpServer answering(String path, String body) throws IOException {
    var server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1);
    server.createContext(
        path,
        exchange -> {
          exchange.sendResponseHeaders(200, body.length());
          exchange.getResponseBody().write(body.getBytes(StandardCharsets.UTF_8));
          exchange.close();
        });
    server.start();
    return server;
  }

  @Test
  void is_told_to_clients_as_one_they_can_connect_to() {
    assertThat(new Address("127.0.0.1", 4200).api()).hasToString("http://127.0.0.1:4200/api");
    assertThat(new Address("0.0.0.0", 4200).api()).hasToString("http://127.0.0.1:4200/api");
    assertThat(new Address("::", 4200).api()).hasToString("http://[::1]:4200/api");
    assertThat(new Address("fe80::1", 4200).api()).hasToString("http://[fe80::1]:4200/api");
  }

  @Test
  void is_free_at_port_0() {
    new Address("127.0.0.1", 0).check();
    new Address("0.0.0.0", 0).check();
  }

  @Test
  void that_prefect_has_is_refused_with_the_version_that_answers() throws IOException {
    var prefect = answering("/api/admin/version", "\"3.8.8\"");
    try {
      int port = prefect.getAddress().getPort();
      assertThat(refused("127.0.0.1", port))
          .hasMessage(
              "Port %d of 127.0.0.1 is taken. "
                  + "A server that speaks the API of Prefect 3.8.8 answers there.",
              port);
    } finally {
      prefect.stop(0);
    }
  }

  @Test
  void that_something_else_has_is_refused_too() throws IOException {
    var other = answering("/", "<html>hello</html>");
    try {
      assertThat(refused("127.0.0.1", other.getAddress().getPort()))
          .hasMessageEndingWith("What listens there does not answer like Prefect's API.");
    } finally {
      other.stop(0);
    }
  }

  @Test
  void of_another_machine_is_refused() {
    // Reserved for documentation (RFC 5737): nobody has it.
    assertThat(refused("192.0.2.1", 4200)).hasMessageContaining("not an address of this machine");
  }

  @Test
  void with_a_host_nobody_knows_is_refused() {
    assertThat(refused("nowhere.invalid", 4200)).hasMessageContaining("is not known");
  }
}
