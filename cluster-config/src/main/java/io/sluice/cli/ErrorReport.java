package io.sluice.cli;

import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/** What goes to stderr when a command cannot be understood or fails, and the exit code for it. */
final class ErrorReport {
  private ErrorReport() {}

  /** A command line that cannot be understood: what was probably meant, where to read more. */
  static int usage(ParameterException wrong, String[] arguments) {
    var command = wrong.getCommandLine();
    var err = command.getErr();
    err.println("Error: " + wrong.getMessage());
    if (wrong instanceof UnmatchedArgumentException unmatched) {
      var name = unmatched.getUnmatched().get(0);
      var nearest = Nearest.to(name, List.copyOf(command.getCommandSpec().optionsMap().keySet()));
      if (nearest.isPresent()) {
        err.println("Did you mean: %s?".formatted(nearest.get()));
      } else {
        UnmatchedArgumentException.printSuggestions(wrong, err);
      }
    }
    err.println("Try '%s --help'.".formatted(command.getCommandSpec().qualifiedName()));
    err.flush();
    return ExitCode.USAGE;
  }

  /** A command that failed: what happened and the next step; a stack trace only with --debug. */
  static int failure(Exception problem, CommandLine command, ParseResult arguments) {
    var failure = problem instanceof Failure known ? known : unforeseen(problem);
    var err = command.getErr();
    err.println("Error: " + failure.getMessage());
    err.println("       " + failure.next());
    if (command.getCommand() instanceof ServerStart start && start.debug()) {
      problem.printStackTrace(err);
    }
    err.flush();
    return ExitCode.SOFTWARE;
  }

  private static Failure unforeseen(Exception problem) {
    return new Failure(
        "Unforeseen: " + problem, "Run it again with --debug and report what it prints.", problem);
  }
}
