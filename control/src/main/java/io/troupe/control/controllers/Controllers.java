package io.troupe.control.controllers;

import io.troupe.control.controllers.certificates.KubeletApprover;
import io.troupe.control.controllers.certificates.RequestCleaner;
import io.troupe.control.controllers.certificates.SigningController;
import io.troupe.control.controllers.daemon.DaemonSetController;
import io.troupe.control.controllers.endpoints.EndpointSliceController;
import io.troupe.control.controllers.endpoints.EndpointsController;
import io.troupe.control.controllers.garbage.GarbageCollector;
import io.troupe.control.controllers.job.FinishedJobRemoval;
import io.troupe.control.controllers.job.JobController;
import io.troupe.control.controllers.job.OrphanedJobPods;
import io.troupe.control.controllers.namespace.NamespaceController;
import io.troupe.control.controllers.node.NodeLifecycleController;
import io.troupe.control.controllers.node.PodGarbageController;
import io.troupe.control.controllers.node.TaintEvictionController;
import io.troupe.control.controllers.quota.ResourceQuotaController;
import io.troupe.control.controllers.rbac.ClusterRoleAggregation;
import io.troupe.control.controllers.serviceaccount.DefaultServiceAccountController;
import io.troupe.control.controllers.serviceaccount.RootCaPublisher;
import io.troupe.control.controllers.stateful.StatefulSetController;
import io.troupe.control.controllers.workload.DeploymentController;
import io.troupe.control.controllers.workload.ReplicaSetController;
import java.util.List;

/** The controllers of a cluster. */
public final class Controllers {
  /** Finished pods beyond this number are removed, upstream's default. */
  private static final int FINISHED_PODS_AT_MOST = 12_500;

  private Controllers() {}

  public static List<Controller> all(ControllerSettings settings) {
    ServedResources served = new ServedResources(settings.served());
    return List.of(
        new NamespaceController(served),
        new DefaultServiceAccountController(),
        new RootCaPublisher(settings.rootCaPem()),
        ReplicaSetController.ofReplicaSets(),
        ReplicaSetController.ofReplicationControllers(),
        new DeploymentController(),
        new StatefulSetController(),
        new DaemonSetController(),
        new JobController(),
        new OrphanedJobPods(),
        new FinishedJobRemoval(),
        new EndpointSliceController(),
        new EndpointsController(),
        new GarbageCollector(served),
        new ResourceQuotaController(served),
        new NodeLifecycleController(settings.nodeTimes()),
        new TaintEvictionController(),
        new PodGarbageController(settings.nodeTimes(), FINISHED_PODS_AT_MOST),
        new KubeletApprover(),
        new SigningController(settings.signer()),
        new RequestCleaner(),
        new ClusterRoleAggregation());
  }
}
