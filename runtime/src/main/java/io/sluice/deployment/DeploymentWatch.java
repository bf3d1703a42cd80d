package io.sluice.deployment;

/** Learns what happens to deployments. */
@FunctionalInterface
public interface DeploymentWatch {
  /**
   * Told by the deployment's owner, on its node, once the change is written. May not block.
   *
   * @param before null if the deployment is new
   * @param after null if it is gone
   */
  void changed(Deployment before, Deployment after);
}
