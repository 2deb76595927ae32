/**
 * Runs controllers: follows the cluster view, keeps a de-duplicating queue of keys with exponential
 * back-off per controller, executes plans through the {@code KubeClient} and records events.
 *
 * <p>A key is reconciled by one thread at a time, and not again before the view has shown the
 * results of its own last writes; that replaces upstream's expectations. {@code ControllerLoop} has
 * no threads and takes the time as a parameter, so that tests drive it by hand; {@code
 * ControllerRuntime} adds virtual threads, {@code ShardedControllers} spreads slices of the work
 * over the JVMs of a Pekko cluster.
 */
package io.troupe.control.controllers.runtime;
