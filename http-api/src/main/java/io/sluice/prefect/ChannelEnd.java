package io.sluice.prefect;

import io.sluice.cluster.Why;
import io.sluice.http.Socket.Close;
import io.sluice.rejection.Refused;

/**
 * Why a worker channel is closed (Prefect 3.8.8, client/schemas/worker_channel.py
 * WORKER_CHANNEL_CLOSE_POLICIES): after 1011 the worker comes back, after all others it does
 * without a channel.
 */
final class ChannelEnd extends RuntimeException {
  private static final long serialVersionUID = 1L;

  static final String NOT_AUTHENTICATED = "authentication_failed";

  static final Close PROTOCOL = Close.protocolError("protocol_error");
  static final Close VERSION = Close.policyViolation("unsupported_version");
  static final Close NOT_AUTHORIZED = Close.policyViolation("authorization_failed");
  static final Close NO_HEARTBEAT = Close.serverError("heartbeat_persistence_failed");
  static final Close TRANSIENT = Close.serverError("transient_server_error");

  private final transient Close close;

  /**
   * @param why for the log
   */
  ChannelEnd(Close close, String why) {
    super(why, null, false, false);
    this.close = close;
  }

  Close close() {
    return close;
  }

  /** What a failure means for the channel: what a rule refuses is not tried again. */
  static Close of(Throwable failure) {
    var cause = Why.cause(failure);
    if (cause instanceof ChannelEnd end) {
      return end.close;
    }
    return cause instanceof Refused ? NOT_AUTHORIZED : TRANSIENT;
  }
}
