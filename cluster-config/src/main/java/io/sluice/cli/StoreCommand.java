package io.sluice.cli;

import picocli.CommandLine.Command;

/** What can be done with the store of a node that does not run. */
@Command(
    name = "store",
    description = "Moves data between stores.",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    synopsisSubcommandLabel = "COMMAND",
    subcommands = MoveStore.class)
final class StoreCommand {}
