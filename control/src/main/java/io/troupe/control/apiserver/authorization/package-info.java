/**
 * Who may do what: RBAC from the watch cache, the Node authorizer, and upstream's always-allowed
 * group {@code system:masters}. A decision is a pure function of attributes and the compiled rules.
 */
package io.troupe.control.apiserver.authorization;
