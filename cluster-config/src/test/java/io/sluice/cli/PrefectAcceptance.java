package io.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/**
 * The unmodified Prefect client, command line and workers against the packaged jar. Runs in {@code
 * mvn verify}, after the jar is there, by {@code src/test/python/accept.py}.
 *
 * <p>An interpreter that is named ({@link Scripts}) must have Prefect; {@code python3} is taken if
 * it has, and the test is skipped if not. {@code -Dsluice.acceptance=gcl,worker} chooses cases by
 * parts of their names.
 */
@DisplayName("the real Prefect client")
class PrefectAcceptance {
  private static final String REQUIREMENTS = "requirements.txt";

  @Test
  void finds_in_sluice_what_it_expects_of_a_server() throws Exception {
    if (!Scripts.has(REQUIREMENTS)) {
      assertThat(Scripts.named()).as("interpreter without %s", REQUIREMENTS).isEmpty();
      Scripts.skip("the real Prefect client was not run", REQUIREMENTS);
    }
    var cases = Optional.ofNullable(System.getProperty("sluice.acceptance"));
    Scripts.run("accept.py", cases.map(names -> List.of("-k", names)).orElse(List.of()));
  }
}
