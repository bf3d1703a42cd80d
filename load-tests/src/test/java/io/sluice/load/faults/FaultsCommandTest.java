package io.sluice.load.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import picocli.CommandLine.ExitCode;

@DisplayName("sluice-load faults")
class FaultsCommandTest {
  private final StringWriter err = new StringWriter();

  private int run(String... arguments) {
    return new CommandLine(new FaultsCommand()).setErr(new PrintWriter(err)).execute(arguments);
  }

  @Test
  void a_fault_that_there_is_not_is_refused_by_its_name() {
    int code = run("--sluice-jar", "x.jar", "--faults", "kill-owner,flood");
    assertThat(code).isEqualTo(ExitCode.USAGE);
    assertThat(err.toString()).contains("there is no fault 'flood'");
  }

  @Test
  void a_jar_that_is_not_there_is_refused_before_anything_is_started(@TempDir Path dir) {
    int code = run("--sluice-jar", dir.resolve("no.jar").toString());
    assertThat(code).isEqualTo(ExitCode.USAGE);
    assertThat(err.toString()).contains("no.jar", "mvn package");
  }

  @Test
  void the_number_of_runs_is_bounded() {
    assertThat(run("--sluice-jar", "x.jar", "--runs", "0")).isEqualTo(ExitCode.USAGE);
    assertThat(err.toString()).contains("1 to 1000, not 0");
    assertThat(run("--sluice-jar", "x.jar", "--flow-runs", "20001")).isEqualTo(ExitCode.USAGE);
    assertThat(err.toString()).contains("--flow-runs must be 1 to 20000, not 20001");
  }

  @Test
  void a_stock_of_limits_goes_through_a_command_line() {
    var stock =
        Stock.of(List.of(new Stock.Limit("r-hot", "11111111-1111-4111-8111-111111111111", 3)));
    assertThat(Stock.parse(stock.text())).isEqualTo(stock);
  }
}
