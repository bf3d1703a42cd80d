package io.sluice.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("The script that starts a Prefect server")
class PrefectServerScriptTest {
  private static final String SCRIPT = "src/main/scripts/prefect-server.sh";

  private record Ended(int code, String said) {}

  private static Ended run(String... arguments) throws IOException, InterruptedException {
    var command = new ArrayList<>(List.of("bash", SCRIPT));
    command.addAll(List.of(arguments));
    var process = new ProcessBuilder(command).redirectErrorStream(true).start();
    var said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return new Ended(process.waitFor(), said);
  }

  @Test
  void says_what_is_wrong_with_its_options(@TempDir Path dir) throws Exception {
    assertThat(run("begin").code()).isEqualTo(2);
    assertThat(run("begin").said()).contains("'begin' is neither start nor stop", "usage:");
    assertThat(run("start").said()).contains("--dir is missing");
    assertThat(run("start", "--dir", dir.toString(), "--database", "mysql").said())
        .contains("must be sqlite or postgresql, not mysql");
    assertThat(run("start", "--dir", dir.toString(), "--port", "x").said()).contains("are numbers");
  }

  /** The server that is there would be measured in its stead. */
  @Test
  void does_not_start_where_another_server_is(@TempDir Path dir) throws Exception {
    try (var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      var port = String.valueOf(taken.getLocalPort());
      var ended = run("start", "--dir", dir.toString(), "--port", port);
      assertThat(ended.code()).isEqualTo(1);
      assertThat(ended.said()).contains("port " + port + " is taken", "--port");
    }
  }

  @Test
  void has_nothing_to_stop_where_nothing_was_started(@TempDir Path dir) throws Exception {
    assertThat(run("stop", "--dir", dir.toString())).isEqualTo(new Ended(0, ""));
  }
}
