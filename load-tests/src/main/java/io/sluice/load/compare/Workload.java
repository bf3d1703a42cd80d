package io.sluice.load.compare;

/** A kind of work that servers are measured by. */
public interface Workload {

  /** Names it among the variants of a command. */
  String name();

  /**
   * Sets the stage on a server; nothing of this is measured.
   *
   * @throws io.sluice.load.Failure if the server cannot be reached or refuses
   */
  Session prepare(Server server) throws InterruptedException;

  /** A server with the stage set. */
  interface Session {

    /**
     * Makes tool and server do some of the work before the first round; what comes is no figure.
     */
    void warmUp() throws InterruptedException;

    /** Does the work once and measures it. */
    Round play() throws InterruptedException;

    /** How far the round is, in a few words; asked by another thread. */
    String progress();
  }
}
