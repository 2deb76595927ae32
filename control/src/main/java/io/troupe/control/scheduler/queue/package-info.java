/**
 * Which pod is next, and what has happened: the scheduling queue (kube-scheduler's backend/queue)
 * and {@link io.troupe.control.scheduler.queue.SchedulerCore}, the scheduler as a state machine
 * without clock, threads or IO. Changes of the cluster and outcomes of writes flow in; {@link
 * io.troupe.control.scheduler.queue.Effect}s flow out.
 */
package io.troupe.control.scheduler.queue;
