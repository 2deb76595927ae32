/**
 * The API over HTTPS: {@link io.troupe.api.client.http.HttpKubeClient} and {@link
 * io.troupe.api.client.http.HttpClusterView}, for workers, for tools and for running our
 * controllers against any Kubernetes. Stands for client-go's REST client and shared informers.
 *
 * <p>A client pins the cluster's CA, asks a supplier for its credentials at each request, and opens
 * new connections when they change. A view lists a type once, then follows its watch, resumes from
 * the last revision after a break, and lists again only when the server says that the revision is
 * gone.
 *
 * <p>Left out: proxies, exec plugins and cloud logins of kubeconfig files; exec, attach and port
 * forwarding.
 */
package io.troupe.api.client.http;
