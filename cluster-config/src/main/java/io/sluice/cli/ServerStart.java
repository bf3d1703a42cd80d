package io.sluice.cli;

import com.typesafe.config.ConfigFactory;
import io.sluice.node.SluiceVersion;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code sluice server start}: runs a node until it is asked to stop. */
@Command(
    name = "start",
    description = "Starts a server and runs it until SIGTERM or Ctrl-C.",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    sortOptions = false,
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:stopped on request",
      "1:could not start, or ended by itself",
      "2:wrong usage"
    })
final class ServerStart implements Callable<Integer> {
  /** How a node is put together. */
  enum Profile {
    embedded,
    cluster
  }

  @Option(
      names = "--profile",
      paramLabel = "PROFILE",
      defaultValue = "embedded",
      description = {
        "embedded: one node with its data in one directory; the default.",
        "cluster: one of several nodes over a PostgreSQL database."
      })
  private Profile profile;

  @Option(
      names = "--host",
      paramLabel = "HOST",
      defaultValue = "${env:SLUICE_HOST}",
      description = "Address to listen at; 0.0.0.0 for all. Default: $SLUICE_HOST, or 127.0.0.1.")
  private String host;

  @Option(
      names = "--port",
      paramLabel = "PORT",
      defaultValue = "${env:SLUICE_PORT}",
      description = "Port to listen at; 0 for any free one. Default: $SLUICE_PORT, or 4200.")
  private Integer port;

  @Option(
      names = "--data-dir",
      paramLabel = "DIR",
      defaultValue = "${env:SLUICE_DATA_DIR}",
      description = {
        "Directory of the data, made if it does not exist.",
        "Default: $SLUICE_DATA_DIR, or $SLUICE_HOME,",
        "or ~/.sluice."
      })
  private Path dataDir;

  @Option(
      names = "--tls-certificate",
      paramLabel = "FILE",
      description = {
        "Answer HTTPS only, with this certificate and its issuers' (PEM).",
        "Default: $SLUICE_TLS_CERTIFICATE, or HTTP."
      })
  private Path tlsCertificate;

  @Option(
      names = "--tls-key",
      paramLabel = "FILE",
      description = "Its private key (PEM, PKCS#8). Default: $SLUICE_TLS_KEY.")
  private Path tlsKey;

  @Option(
      names = "--store-url",
      paramLabel = "URL",
      description = {
        "The database that the nodes of a cluster share: jdbc:postgresql://HOST:PORT/DATABASE.",
        "Default: $SLUICE_STORE_URL. The password is $SLUICE_STORE_PASSWORD."
      })
  private String storeUrl;

  @Option(
      names = "--store-user",
      paramLabel = "USER",
      description = "Its user there. Default: $SLUICE_STORE_USER.")
  private String storeUser;

  @ArgGroup(validate = false, heading = "%nWith --profile cluster:%n")
  private final ClusterOptions cluster = new ClusterOptions();

  @Option(
      names = "--config",
      paramLabel = "FILE",
      description = "Settings in HOCON; they override any default of Sluice and its libraries.")
  private Path config;

  @Option(names = "--debug", description = "More logs, and stack traces of errors.")
  private boolean debug;

  @Spec private CommandSpec spec;

  boolean debug() {
    return debug;
  }

  /** Serves until asked to stop. Prints two lines when the API answers and one at the end. */
  @Override
  public Integer call() {
    if (debug) {
      System.setProperty("sluice.log.level", "DEBUG");
      System.setProperty("sluice.log.libraries", "INFO");
    }
    return serve(settings());
  }

  /** What was asked for, over the profile and the defaults. */
  NodeSettings settings() {
    if (port != null && (port < 0 || port > Address.PORT_MAX)) {
      throw new ParameterException(
          spec.commandLine(),
          "Invalid value for option '--port': %d is not a port".formatted(port));
    }
    Map<String, Object> given = new HashMap<>();
    given.put("sluice.server.host", host);
    given.put("sluice.server.port", port);
    given.put(
        "sluice.server.tls.certificate", tlsCertificate == null ? null : tlsCertificate.toString());
    given.put("sluice.server.tls.key", tlsKey == null ? null : tlsKey.toString());
    given.put("sluice.data-dir", dataDir == null ? null : dataDir.toString());
    given.put("sluice.store.url", storeUrl);
    given.put("sluice.store.user", storeUser);
    given.putAll(cluster.settings());
    given.values().removeIf(Objects::isNull);
    var options = ConfigFactory.parseMap(given, "options");
    var file = Optional.ofNullable(config);
    return profile == Profile.cluster
        ? NodeSettings.cluster(options, file)
        : NodeSettings.embedded(options, file);
  }

  private int serve(NodeSettings settings) {
    var end = new CompletableFuture<Integer>();
    var served = ServedNode.start(settings, InstantSource.system());
    StopSignals.on(() -> end.complete(ExitCode.OK));
    // For ends without a signal, such as System.exit after a fatal error.
    Runtime.getRuntime().addShutdownHook(new Thread(served::stop, "sluice-stop"));
    served
        .ended()
        .whenCompleteAsync((done, failed) -> end.complete(ExitCode.SOFTWARE), Runnable::run);
    printReady(served.address().api(), settings.dataName());
    int exitCode = end.join();
    long began = System.nanoTime();
    served.stop();
    print(
        "%s: the API at %s and the node with its data in %s, in %s"
            .formatted(
                exitCode == ExitCode.OK ? "Stopped" : "Ended by itself",
                served.address().api(),
                settings.dataName(),
                seconds(Duration.ofNanos(System.nanoTime() - began))));
    return exitCode;
  }

  private void printReady(URI api, String data) {
    var uptime = Duration.ofMillis(ManagementFactory.getRuntimeMXBean().getUptime());
    print(
        "Sluice %s answers at %s (data in %s, ready after %s)"
            .formatted(SluiceVersion.current(), api, data, seconds(uptime)),
        "Point Prefect at it:  prefect config set PREFECT_API_URL=%s".formatted(api));
  }

  private void print(String... lines) {
    var out = spec.commandLine().getOut();
    for (var line : lines) {
      out.println(line);
    }
    out.flush();
  }

  private static String seconds(Duration duration) {
    return String.format(Locale.ROOT, "%.1f s", duration.toMillis() / 1000.0);
  }
}
