package io.sluice.limit;

import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * The outcome of a command: facts to persist, and whom to tell what once they are persisted.
 *
 * @param after the owner's situation with the events already applied
 * @param events empty if nothing is to be written
 * @param reply for the asker of this command; null if it was parked and is answered later
 * @param woken replies for those parked by earlier commands, by lease id, in the order of decision
 * @param ownerOnly whether something has to be written even without events, before the reply goes
 *     out: an owner that was replaced and does not know it could not tell the truth, and its write
 *     fails
 */
public record Decision(
    LimitOwner after,
    List<LimitEvent> events,
    LimitReply reply,
    Map<UUID, LimitReply> woken,
    boolean ownerOnly) {}
