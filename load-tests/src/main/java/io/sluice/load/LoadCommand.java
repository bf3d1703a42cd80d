package io.sluice.load;

import io.sluice.load.compare.HandoffCommand;
import io.sluice.load.compare.MixedCommand;
import io.sluice.load.compare.MultiLimitCommand;
import io.sluice.load.compare.OpsCommand;
import io.sluice.load.compare.RateCommand;
import io.sluice.load.compare.TagLimitCommand;
import io.sluice.load.compare.WaitersCommand;
import io.sluice.load.faults.ClientsCommand;
import io.sluice.load.faults.FaultsCommand;
import picocli.CommandLine.Command;

/** The root of all commands. */
@Command(
    name = "sluice-load",
    description = "Load and faults for servers that speak Prefect 3's API.",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {
      OpsCommand.class,
      HandoffCommand.class,
      TagLimitCommand.class,
      RateCommand.class,
      MultiLimitCommand.class,
      WaitersCommand.class,
      MixedCommand.class,
      BurstCommand.class,
      BurstsCommand.OnDeployment.class,
      BurstsCommand.OnPool.class,
      BurstsCommand.OnQueue.class,
      CrashCommand.class,
      ScaleCommand.class,
      CoreCommand.class,
      FaultsCommand.class,
      ClientsCommand.class
    })
final class LoadCommand {}
