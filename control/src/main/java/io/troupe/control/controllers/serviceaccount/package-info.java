/**
 * What every namespace has from its birth on: the service account {@code default}, and the
 * ConfigMap {@code kube-root-ca.crt} by which pods trust the API server.
 *
 * <p>In: namespaces, and the objects themselves. Out: the same objects.
 */
package io.troupe.control.controllers.serviceaccount;
