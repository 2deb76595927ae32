/** The {@code troupe} command: wiring, configuration and exit codes, nothing else. */
package io.troupe.cli;
