/**
 * The cluster's own public-key infrastructure: authorities for the cluster and for front proxies,
 * certificates of every component, the key that signs service-account tokens, and kubeconfig files.
 *
 * <p>Stands for what {@code kubeadm init phase certs} makes. Files live in one folder, readable by
 * its owner alone. Certificates are renewed when a third of their life is left; whoever serves with
 * one asks for it again.
 */
package io.troupe.control.apiserver.pki;
