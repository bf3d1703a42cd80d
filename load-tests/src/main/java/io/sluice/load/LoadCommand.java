package io.sluice.load;

import picocli.CommandLine.Command;

/** The root of all commands. */
@Command(
    name = "sluice-load",
    description = "Load and faults for servers that speak Prefect 3's API.",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {BurstCommand.class, CrashCommand.class, ScaleCommand.class})
final class LoadCommand {}
