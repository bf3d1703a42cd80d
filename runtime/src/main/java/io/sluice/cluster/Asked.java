package io.sluice.cluster;

import org.apache.pekko.actor.typed.ActorRef;

/** A request of somebody who waits for the answer, and has an address of its own for it. */
public interface Asked extends Wire {
  /** Who asks; stands for the request. */
  ActorRef<?> replyTo();
}
