package io.sluice.load;

import picocli.CommandLine;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.ParseResult;

/** The program {@code sluice-load}. */
public final class Main {
  private Main() {}

  public static void main(String[] arguments) {
    // Below the 5 s after which uvicorn, under Prefect's own server, drops an idle connection.
    System.setProperty("jdk.httpclient.keepalive.timeout", "4");
    System.exit(commandLine().execute(arguments));
  }

  static CommandLine commandLine() {
    return new CommandLine(new LoadCommand())
        .setOverwrittenOptionsAllowed(true)
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setExecutionExceptionHandler(Main::failure);
  }

  private static int failure(Exception problem, CommandLine command, ParseResult arguments) {
    var err = command.getErr();
    if (problem instanceof Failure failure) {
      err.println("Error: " + failure.getMessage());
      err.println("       " + failure.next());
    } else {
      problem.printStackTrace(err);
    }
    err.flush();
    return ExitCode.SOFTWARE;
  }
}
