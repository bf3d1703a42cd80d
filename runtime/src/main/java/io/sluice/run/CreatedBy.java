package io.sluice.run;

import java.util.UUID;

/** Who or what created a run: a schedule, an automation. */
public record CreatedBy(UUID id, String type, String displayValue) {}
