/**
 * Events about pods and the node, with upstream's reasons and wording; equal ones are counted
 * instead of repeated. Writing them never holds up a pod.
 */
package io.troupe.node.kubelet.event;
