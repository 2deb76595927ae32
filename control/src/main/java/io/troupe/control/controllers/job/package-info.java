/**
 * Jobs and CronJobs, and the removal of Jobs that are finished long enough.
 *
 * <p>In: Jobs, CronJobs, pods. Out: pods of Jobs, Jobs of CronJobs, status. A pod of a Job carries
 * the finalizer {@code batch.kubernetes.io/job-tracking}: it is first noted as uncounted in the
 * Job's status, then loses the finalizer, then is counted, so that no pod is counted twice or lost
 * whatever is interrupted (KEP-2307). Left out: gang scheduling of Jobs.
 */
package io.troupe.control.controllers.job;
