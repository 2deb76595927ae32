package io.troupe.cli.command;

import picocli.CommandLine.Command;

/** {@code troupe audit}: reads and checks the history, and brings the past back. */
@Command(
    name = "audit",
    description = "Who changed what, when, and how it was before.",
    mixinStandardHelpOptions = true,
    subcommands = {AuditLog.class, AuditDiff.class, AuditVerify.class, AuditRestore.class})
public final class Audit {}
