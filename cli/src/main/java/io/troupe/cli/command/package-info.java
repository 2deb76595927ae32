/** The commands of {@code troupe}: flags in, exit codes and sentences out. */
package io.troupe.cli.command;
