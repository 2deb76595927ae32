/** Job and CronJob. */
package io.troupe.control.kinds.batch;
