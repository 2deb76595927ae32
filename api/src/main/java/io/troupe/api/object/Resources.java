package io.troupe.api.object;

/**
 * The resource types that Troupe's own components name; everything else comes from the kind facts.
 */
public final class Resources {
  public static final Resource NAMESPACES =
      new Resource("", "v1", "namespaces", "Namespace", false);
  public static final Resource NODES = new Resource("", "v1", "nodes", "Node", false);
  public static final Resource PODS = namespaced("", "v1", "pods", "Pod");
  public static final Resource SERVICES = namespaced("", "v1", "services", "Service");
  public static final Resource ENDPOINTS = namespaced("", "v1", "endpoints", "Endpoints");
  public static final Resource SECRETS = namespaced("", "v1", "secrets", "Secret");
  public static final Resource CONFIG_MAPS = namespaced("", "v1", "configmaps", "ConfigMap");
  public static final Resource SERVICE_ACCOUNTS =
      namespaced("", "v1", "serviceaccounts", "ServiceAccount");
  public static final Resource EVENTS = namespaced("", "v1", "events", "Event");
  public static final Resource REPLICATION_CONTROLLERS =
      namespaced("", "v1", "replicationcontrollers", "ReplicationController");
  public static final Resource PERSISTENT_VOLUME_CLAIMS =
      namespaced("", "v1", "persistentvolumeclaims", "PersistentVolumeClaim");
  public static final Resource PERSISTENT_VOLUMES =
      new Resource("", "v1", "persistentvolumes", "PersistentVolume", false);
  public static final Resource LIMIT_RANGES = namespaced("", "v1", "limitranges", "LimitRange");
  public static final Resource RESOURCE_QUOTAS =
      namespaced("", "v1", "resourcequotas", "ResourceQuota");
  public static final Resource DEPLOYMENTS = namespaced("apps", "v1", "deployments", "Deployment");
  public static final Resource REPLICA_SETS = namespaced("apps", "v1", "replicasets", "ReplicaSet");
  public static final Resource STATEFUL_SETS =
      namespaced("apps", "v1", "statefulsets", "StatefulSet");
  public static final Resource DAEMON_SETS = namespaced("apps", "v1", "daemonsets", "DaemonSet");
  public static final Resource CONTROLLER_REVISIONS =
      namespaced("apps", "v1", "controllerrevisions", "ControllerRevision");
  public static final Resource JOBS = namespaced("batch", "v1", "jobs", "Job");
  public static final Resource CRON_JOBS = namespaced("batch", "v1", "cronjobs", "CronJob");
  public static final Resource LEASES = namespaced("coordination.k8s.io", "v1", "leases", "Lease");
  public static final Resource ENDPOINT_SLICES =
      namespaced("discovery.k8s.io", "v1", "endpointslices", "EndpointSlice");
  public static final Resource PRIORITY_CLASSES =
      new Resource("scheduling.k8s.io", "v1", "priorityclasses", "PriorityClass", false);
  public static final Resource POD_DISRUPTION_BUDGETS =
      namespaced("policy", "v1", "poddisruptionbudgets", "PodDisruptionBudget");
  public static final Resource CLUSTER_ROLES =
      new Resource("rbac.authorization.k8s.io", "v1", "clusterroles", "ClusterRole", false);
  public static final Resource CLUSTER_ROLE_BINDINGS =
      new Resource(
          "rbac.authorization.k8s.io", "v1", "clusterrolebindings", "ClusterRoleBinding", false);
  public static final Resource ROLES =
      namespaced("rbac.authorization.k8s.io", "v1", "roles", "Role");
  public static final Resource ROLE_BINDINGS =
      namespaced("rbac.authorization.k8s.io", "v1", "rolebindings", "RoleBinding");
  public static final Resource CERTIFICATE_SIGNING_REQUESTS =
      new Resource(
          "certificates.k8s.io",
          "v1",
          "certificatesigningrequests",
          "CertificateSigningRequest",
          false);
  public static final Resource CUSTOM_RESOURCE_DEFINITIONS =
      new Resource(
          "apiextensions.k8s.io",
          "v1",
          "customresourcedefinitions",
          "CustomResourceDefinition",
          false);

  private Resources() {}

  private static Resource namespaced(String group, String version, String plural, String kind) {
    return new Resource(group, version, plural, kind, true);
  }
}
