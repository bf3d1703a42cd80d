package io.sluice.cli;

import picocli.CommandLine.Command;

/** What can be done with a server. */
@Command(
    name = "server",
    description = "Runs a server.",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    synopsisSubcommandLabel = "COMMAND",
    subcommands = ServerStart.class)
final class ServerCommand {}
