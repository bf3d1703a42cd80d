package io.sluice.load.compare;

import io.sluice.load.LoadProgram;
import io.sluice.load.StubServer;
import io.sluice.load.StubServer.Given;
import io.sluice.load.StubServer.Seen;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** What the program said and how it ended. */
record Played(int code, String out, String err) {

  static Played run(String... arguments) {
    var out = new StringWriter();
    var err = new StringWriter();
    int code =
        LoadProgram.commandLine()
            .setOut(new PrintWriter(out))
            .setErr(new PrintWriter(err))
            .execute(arguments);
    return new Played(code, out.toString(), err.toString());
  }

  /** A workload against a server of the test's own; without floors. */
  static Played on(Function<Seen, Given> answers, String workload, String... more)
      throws IOException {
    try (var server = new StubServer(answers)) {
      var arguments =
          new ArrayList<>(List.of(workload, "--url", server.api().toString(), "--no-floors"));
      arguments.addAll(List.of(more));
      return run(arguments.toArray(String[]::new));
    }
  }
}
