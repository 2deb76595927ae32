/** Services, their endpoints, ingress and network policies. */
package io.troupe.control.kinds.net;
