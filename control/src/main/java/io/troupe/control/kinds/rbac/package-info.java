/** Roles and their bindings. */
package io.troupe.control.kinds.rbac;
