package io.sluice.load.compare;

import io.sluice.load.ApiUrl;
import io.sluice.load.Durations;
import io.sluice.load.Failure;
import io.sluice.load.report.Report;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Spec.Target;

/** The options of all workloads that compare servers, and what they do with them. */
public final class CompareOptions {
  private static final int ROUNDS_MAX = 100;
  private static final int FLOOR_CONNECTIONS = 64;

  @Option(
      names = "--url",
      paramLabel = "URL",
      defaultValue = "http://127.0.0.1:4200/api",
      converter = ApiUrl.class,
      description = "API of the server that is measured (A). Default: ${DEFAULT-VALUE}.")
  private URI url;

  @Option(
      names = "--vs",
      paramLabel = "URL",
      converter = ApiUrl.class,
      description = "API of a second server (B): rounds alternate, ratios A/B are shown.")
  private URI vs;

  @Option(
      names = "--label",
      paramLabel = "NAME",
      defaultValue = "A",
      description = "Name of A in the report. Default: ${DEFAULT-VALUE}.")
  private String label;

  @Option(
      names = "--vs-label",
      paramLabel = "NAME",
      defaultValue = "B",
      description = "Name of B in the report. Default: ${DEFAULT-VALUE}.")
  private String vsLabel;

  @Option(
      names = "--repeat",
      paramLabel = "N",
      description = "Rounds on each server, 1 to 100. Default: 3, or 1 without --vs.")
  private Integer rounds;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description = "Write report.md, report.html and report.json there; it is made if missing.")
  private Path out;

  @Option(
      names = "--no-floors",
      description = "Do not measure what the machine can do at best (HTTP echo, fsync, commits).")
  private boolean noFloors;

  @Option(
      names = "--floor-dir",
      paramLabel = "DIR",
      defaultValue = ".",
      description = "Where fsync and commits are measured; on the servers' disk. Default: here.")
  private Path floorDir;

  @Option(
      names = "--floor-jdbc",
      paramLabel = "URL",
      description =
          "Measure one-row commits there, too, e.g. jdbc:postgresql://127.0.0.1/x?user=y.")
  private String floorJdbc;

  @Option(
      names = "--floor-time",
      paramLabel = "TIME",
      defaultValue = "3s",
      converter = Durations.class,
      description = "For each floor. Default: ${DEFAULT-VALUE}.")
  private Duration floorTime;

  @Option(
      names = "--pid",
      paramLabel = "PID",
      description = "Process of A on this machine, to read its memory.")
  private Long pid;

  @Option(
      names = "--vs-pid",
      paramLabel = "PID",
      description = "Process of B on this machine, to read its memory.")
  private Long vsPid;

  @Option(
      names = "--anywhere",
      description = "Allow servers on other machines. Be sure that you may load them.")
  private boolean anywhere;

  @Option(names = "--quiet", description = "No progress lines.")
  private boolean quiet;

  @Spec(Target.MIXEE)
  private CommandSpec spec;

  /**
   * Plays all variants and reports.
   *
   * @return the exit code: 0, or 1 if A did something wrong; what B does wrong is only said
   * @throws ParameterException if an option is out of bounds
   */
  public int compare(String workload, List<? extends Workload> variants) {
    var servers = servers();
    int each = rounds == null ? (servers.size() == 1 ? 1 : 3) : rounds;
    within("--repeat", each, ROUNDS_MAX);
    Optional.ofNullable(out).ifPresent(Report::makeDirectory);
    try {
      var floors = floors();
      var played = new Runner(servers, each, this::tell).play(variants);
      return report(new Comparison(workload, servers, floors, played));
    } catch (InterruptedException stop) {
      Thread.currentThread().interrupt();
      throw new Failure("Interrupted.", "Start it again.", stop);
    }
  }

  private int report(Comparison comparison) {
    var to = spec.commandLine().getOut();
    to.print(Report.text(comparison));
    to.flush();
    if (out != null) {
      Report.write(comparison, out);
      tell("report: " + out.resolve(Report.HTML));
    }
    var err = spec.commandLine().getErr();
    for (var server : comparison.servers()) {
      comparison
          .faults(server)
          .forEach(fault -> err.println("FAULT of %s: %s".formatted(server.label(), fault)));
    }
    err.flush();
    boolean fine = comparison.faults(comparison.servers().get(0)).isEmpty();
    return fine ? ExitCode.OK : ExitCode.SOFTWARE;
  }

  private Map<String, Double> floors() throws InterruptedException {
    if (noFloors) {
      return Map.of();
    }
    tell("measuring what this machine can do at best");
    return new Floors(floorDir, Optional.ofNullable(floorJdbc), FLOOR_CONNECTIONS, floorTime)
        .measure();
  }

  private List<Server> servers() {
    var servers = new ArrayList<Server>();
    servers.add(server("--url", label, url, pid));
    if (vs != null) {
      if (vsLabel.equals(label)) {
        throw wrong("--label and --vs-label must differ, both are '%s'".formatted(label));
      }
      servers.add(server("--vs", vsLabel, vs, vsPid));
    }
    return servers;
  }

  private Server server(String option, String name, URI api, Long process) {
    if (!anywhere && !isHere(api)) {
      throw wrong(
          "%s %s is not on this machine; add --anywhere if you may put load on it"
              .formatted(option, api));
    }
    var id = process == null ? OptionalLong.empty() : OptionalLong.of(process);
    if (id.isPresent() && ProcessHandle.of(id.getAsLong()).isEmpty()) {
      throw wrong("there is no process %d, of %s".formatted(id.getAsLong(), name));
    }
    return new Server(name, api, id);
  }

  private static boolean isHere(URI api) {
    try {
      return InetAddress.getByName(api.getHost()).isLoopbackAddress();
    } catch (UnknownHostException nowhere) {
      return false;
    }
  }

  /**
   * @throws ParameterException if the value is not 1 to {@code most}
   */
  public void within(String option, int value, int most) {
    if (value < 1 || value > most) {
      throw wrong("%s must be 1 to %d, not %d".formatted(option, most, value));
    }
  }

  /**
   * @throws ParameterException if the value is not from {@code least} to {@code most}
   */
  public void within(String option, Duration value, Duration least, Duration most) {
    if (value.compareTo(least) < 0 || value.compareTo(most) > 0) {
      throw wrong(
          "%s must be %s to %s, not %s"
              .formatted(
                  option, Durations.text(least), Durations.text(most), Durations.text(value)));
    }
  }

  /** What to throw for a wrong option. */
  public ParameterException wrong(String why) {
    return new ParameterException(spec.commandLine(), why);
  }

  private void tell(String line) {
    if (!quiet) {
      var err = spec.commandLine().getErr();
      err.println(line);
      err.flush();
    }
  }
}
