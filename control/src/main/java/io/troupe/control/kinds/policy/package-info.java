/** Disruption budgets, priority classes and autoscalers. */
package io.troupe.control.kinds.policy;
