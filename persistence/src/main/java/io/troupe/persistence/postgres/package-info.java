/**
 * The embedded database: PostgreSQL's own binaries from a Maven artifact, unpacked once, run as an
 * unprivileged user, on loopback with a generated password.
 *
 * <p>A directory holds one database: {@code bin} (binaries), {@code data} (PostgreSQL's own),
 * {@code password}, {@code port}, {@code log} and {@code lock}. The postmaster outlives a JVM that
 * is killed; the next start adopts it. Left out: backups, replication and tuning for large
 * machines; whoever needs those brings a PostgreSQL of their own.
 */
package io.troupe.persistence.postgres;
