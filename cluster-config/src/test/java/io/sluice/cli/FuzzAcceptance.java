package io.sluice.cli;

import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/**
 * Hostile and generated requests to every endpoint of the packaged jar, by {@code
 * src/test/python/fuzz.py}: in the same order in each run, as many as fit into the time, {@code
 * -Dsluice.fuzz.seconds}. Skipped if the interpreter ({@link Scripts}) has no schemathesis.
 */
@DisplayName("a node that is sent hostile requests")
class FuzzAcceptance {
  private static final String REQUIREMENTS = "requirements-fuzz.txt";
  private static final String SECONDS = "60";

  @Test
  void answers_all_of_them_and_leaves_nothing_half_done() throws Exception {
    if (!Scripts.has(REQUIREMENTS)) {
      Scripts.skip("the API was not fuzzed", REQUIREMENTS);
    }
    var seconds = System.getProperty("sluice.fuzz.seconds", SECONDS);
    Scripts.run("fuzz.py", List.of("--seconds", seconds));
  }
}
