package io.sluice.deployment;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.databind.annotation.JsonTypeIdResolver;
import io.sluice.cluster.SealedNames;
import io.sluice.cluster.Wire;

/** What the owner of a deployment answers. */
@JsonTypeInfo(use = JsonTypeInfo.Id.CUSTOM, property = "is")
@JsonTypeIdResolver(SealedNames.class)
public sealed interface DeploymentReply extends Wire {

  record Found(Deployment deployment) implements DeploymentReply {}

  record NoSuchDeployment() implements DeploymentReply {}

  /** Somebody else changed the deployment meanwhile; nothing was done. */
  record Changed() implements DeploymentReply {}

  /** Another deployment of the flow has the name. */
  record NameTaken() implements DeploymentReply {}

  record Unavailable(String why) implements DeploymentReply {}
}
