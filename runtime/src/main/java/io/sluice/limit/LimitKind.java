package io.sluice.limit;

import java.util.Locale;

/**
 * What a limit is for, as its name says: {@code tag:<tag>} and {@code deployment:<id>} are
 * Prefect's names (3.8.8, server/api/concurrency_limits.py and server/models/deployments.py).
 */
public enum LimitKind {
  GLOBAL(""),
  TAG("tag:"),
  DEPLOYMENT("deployment:"),
  WORK_POOL("work-pool:"),
  WORK_QUEUE("work-queue:");

  private final String prefix;

  LimitKind(String prefix) {
    this.prefix = prefix;
  }

  /** The kind of the limit with this name. */
  public static LimitKind of(String limit) {
    for (var kind : values()) {
      if (kind != GLOBAL && kind.names(limit)) {
        return kind;
      }
    }
    return GLOBAL;
  }

  /** Whether a limit with this name is of this kind; of {@link #GLOBAL} ask {@link #of}. */
  public boolean names(String limit) {
    return limit.startsWith(prefix);
  }

  /** With what the names of these limits begin; empty for global ones. */
  public String prefix() {
    return prefix;
  }

  /** The name of the limit of {@code what}. */
  public String nameOf(Object what) {
    return prefix + what;
  }

  /** What the limit of this name is for. */
  public String whatOf(String limit) {
    return limit.substring(prefix.length());
  }

  /** In metrics. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
