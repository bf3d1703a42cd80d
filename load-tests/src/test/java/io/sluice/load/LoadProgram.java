package io.sluice.load;

import picocli.CommandLine;

/** The program, for tests of other packages. */
public final class LoadProgram {
  private LoadProgram() {}

  public static CommandLine commandLine() {
    return Main.commandLine();
  }
}
