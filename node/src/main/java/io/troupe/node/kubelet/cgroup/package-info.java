/**
 * The cgroups of pods: {@code kubepods}, a group for each lower quality of service, one for each
 * pod with its shares, quota and memory limit; the runtime makes the containers' below. Works on
 * version 1 (one tree for each controller) and 2 (one tree).
 */
package io.troupe.node.kubelet.cgroup;
