/**
 * Keeps {@code status.hard} and {@code status.used} of each {@code ResourceQuota} true (upstream's
 * resourcequota controller). The counting is {@link io.troupe.control.quota}'s.
 */
package io.troupe.control.controllers.quota;
