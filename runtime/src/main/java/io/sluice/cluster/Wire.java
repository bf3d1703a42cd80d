package io.sluice.cluster;

/** A message that may cross between nodes; serialized as CBOR. Never stored. */
public interface Wire {}
