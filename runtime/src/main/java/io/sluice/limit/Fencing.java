package io.sluice.limit;

import io.sluice.cluster.Wire;
import java.util.UUID;

/**
 * Whether a fencing token still counts.
 *
 * @param limit null if there is no such limit
 * @param holds whether the lease that was granted with the token still holds its slots
 * @param newest the token of the latest grant
 * @param written how much the owner knows to be written of the limit
 */
public record Fencing(UUID limit, String name, long token, boolean holds, long newest, long written)
    implements Wire {

  static Fencing of(Limit limit, long token, long written) {
    return new Fencing(
        limit.id(),
        limit.exists() ? limit.name() : "",
        token,
        limit.exists() && limit.leases().hold(token),
        limit.lastToken(),
        written);
  }
}
