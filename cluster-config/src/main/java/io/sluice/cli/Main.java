package io.sluice.cli;

import picocli.CommandLine;

/** The program {@code sluice}. */
public final class Main {
  private Main() {}

  public static void main(String[] arguments) {
    CommonPool.widen();
    System.exit(commandLine().execute(arguments));
  }

  static CommandLine commandLine() {
    return new CommandLine(new SluiceCommand())
        .setParameterExceptionHandler(ErrorReport::usage)
        .setExecutionExceptionHandler(ErrorReport::failure);
  }
}
