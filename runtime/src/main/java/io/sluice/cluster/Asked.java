package io.sluice.cluster;

import java.util.UUID;

/** A request of somebody who waits for the answer. */
public interface Asked extends Wire {
  /**
   * Stands for the request, however often it is sent. The address that is to be answered cannot: it
   * is numbered anew when its node starts again.
   */
  UUID request();
}
