package io.sluice.cli;

import com.typesafe.config.ConfigFactory;
import io.sluice.node.SluiceVersion;
import io.sluice.store.DataDir;
import io.sluice.store.DataDirUnusable;
import io.sluice.store.StoreMove;
import io.sluice.store.StoreSettings;
import io.sluice.store.StoreUnavailable;
import io.sluice.store.UnfitSchema;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code sluice store move}: from the directory of an embedded node to PostgreSQL. */
@Command(
    name = "move",
    description = {
      "Copies all data of an embedded node into an empty PostgreSQL database.",
      "The node must not run. Its data stay as they are."
    },
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    sortOptions = false,
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {"0:all was copied", "1:nothing was copied", "2:wrong usage"})
final class MoveStore implements Callable<Integer> {
  @Option(
      names = "--from-data-dir",
      paramLabel = "DIR",
      required = true,
      description = "Directory of the data of the embedded node.")
  private Path from;

  @Option(
      names = "--to-url",
      paramLabel = "URL",
      required = true,
      description = "jdbc:postgresql://HOST:PORT/DATABASE, an empty database.")
  private String url;

  @Option(
      names = "--to-user",
      paramLabel = "USER",
      description = {
        "Its user there. Default: $SLUICE_STORE_USER.",
        "The password is $SLUICE_STORE_PASSWORD."
      })
  private String user;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    var directory = from.toAbsolutePath().normalize();
    var database = directory.resolve("sluice.mv.db");
    if (!Files.isRegularFile(database)) {
      throw new Failure(
          "There are no data of a node in %s.".formatted(directory),
          "Name the directory that the node was started with by --data-dir.");
    }
    if (!url.startsWith(NodeSettings.POSTGRESQL)) {
      throw new Failure(
          "The target %s is not PostgreSQL.".formatted(url.split("[?;]", 2)[0]),
          "Name it with --to-url jdbc:postgresql://HOST:5432/DATABASE.");
    }
    var given =
        user == null
            ? Map.<String, Object>of("sluice.store.url", url)
            : Map.<String, Object>of("sluice.store.url", url, "sluice.store.user", user);
    var settings = NodeSettings.cluster(ConfigFactory.parseMap(given, "options"), Optional.empty());
    var data = lock(database);
    try {
      copy("jdbc:h2:file:" + directory.resolve("sluice"), settings);
    } finally {
      data.close();
    }
    say(
        "The data in %s are as they were; do not start that node again beside the new ones."
            .formatted(directory),
        "Start a node on them:  sluice server start --profile cluster --store-url %s"
            .formatted(settings.storeName()));
    return ExitCode.OK;
  }

  private static DataDir lock(Path database) {
    try {
      return DataDir.open(database, SluiceVersion.current(), InstantSource.system().instant());
    } catch (DataDirUnusable unusable) {
      throw new Failure(unusable.getMessage(), "Stop the node first, then repeat this.", unusable);
    }
  }

  private void copy(String fromUrl, NodeSettings settings) {
    try {
      var moved =
          StoreMove.move(
              fromUrl,
              StoreSettings.from(settings.config().getConfig("sluice")),
              (table, rows) -> say("%12d  %s".formatted(rows, table)));
      say(
          "Copied %d rows of %d tables to %s; all are there."
              .formatted(moved.rows(), moved.tables(), settings.storeName()));
      if (moved.replaced() > 0) {
        say(
            "%d characters NUL, which PostgreSQL does not store, became U+FFFD."
                .formatted(moved.replaced()));
      }
    } catch (StoreUnavailable unavailable) {
      throw failure(unavailable, settings);
    }
  }

  private static Failure failure(StoreUnavailable unavailable, NodeSettings settings) {
    return unavailable.getCause() instanceof UnfitSchema unfit
        ? new Failure(
            "Nothing was copied: %s.".formatted(unfit.getMessage()), unfit.nextStep(), unavailable)
        : StoreFailure.of(unavailable, settings);
  }

  private void say(String... lines) {
    var out = spec.commandLine().getOut();
    for (var line : lines) {
      out.println(line);
    }
    out.flush();
  }
}
