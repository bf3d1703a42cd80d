package io.sluice.cli;

import picocli.CommandLine.Command;

/** The root of all commands. */
@Command(
    name = "sluice",
    description = "Workflow concurrency that speaks Prefect 3's API.",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {ServerCommand.class, StoreCommand.class})
final class SluiceCommand {}
