package io.sluice.limit;

import io.sluice.cluster.Wire;

/**
 * The figures of a limit at one moment, told to those who watch it.
 *
 * @param exists false: it was deleted, or never was; the other figures say nothing then
 * @param held slots that are taken
 * @param waiting requests in line
 */
public record LimitFigures(
    String name, boolean exists, boolean active, int slots, int held, int waiting)
    implements LimitWatch.Message, Wire {}
