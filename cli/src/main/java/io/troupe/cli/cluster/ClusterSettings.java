package io.troupe.cli.cluster;

import java.util.List;

/**
 * What a user may choose about a cluster member.
 *
 * @param apiPort of the API server
 * @param databaseUrl JDBC URL of an external database, or "" for the embedded one
 * @param zone the member's zone
 * @param advertiseAddress under which pods and other members reach it
 * @param memberPort of the actor cluster, 0 for a cluster of one
 * @param seeds {@code host:port} of members, empty for a cluster of one
 * @param certificateNames further names and addresses of the API server
 */
public record ClusterSettings(
    int apiPort,
    String databaseUrl,
    String databaseUser,
    String databasePassword,
    String zone,
    String advertiseAddress,
    int memberPort,
    List<String> seeds,
    List<String> certificateNames) {
  public static final String CLUSTER_DOMAIN = "cluster.local";
  public static final String ISSUER = "https://kubernetes.default.svc.cluster.local";
  public static final String SERVICE_CIDR = "10.96.0.0/16";
  public static final String API_SERVICE_IP = "10.96.0.1";
  public static final String DNS_SERVICE_IP = "10.96.0.10";
  public static final String POD_CIDR = "10.244.0.0/16";
}
