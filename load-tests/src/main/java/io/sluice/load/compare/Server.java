package io.sluice.load.compare;

import java.net.URI;
import java.util.OptionalLong;

/**
 * A server that is measured.
 *
 * @param label names it in reports
 * @param pid of its process on this machine, if its memory is to be read
 */
public record Server(String label, URI api, OptionalLong pid) {
  public Server(String label, URI api) {
    this(label, api, OptionalLong.empty());
  }
}
