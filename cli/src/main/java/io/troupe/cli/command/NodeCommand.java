package io.troupe.cli.command;

import picocli.CommandLine.Command;

/** {@code troupe node}: machines that are workers only. */
@Command(
    name = "node",
    description = "Add machines to a cluster.",
    mixinStandardHelpOptions = true,
    subcommands = {NodeToken.class, NodeJoin.class})
public final class NodeCommand {}
