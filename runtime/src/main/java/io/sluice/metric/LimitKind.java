package io.sluice.metric;

import java.util.Locale;

/** What a limit is for, as its name says. */
enum LimitKind {
  GLOBAL(""),
  TAG("tag:"),
  DEPLOYMENT("deployment:"),
  WORK_POOL("work-pool:"),
  WORK_QUEUE("work-queue:");

  private final String prefix;

  LimitKind(String prefix) {
    this.prefix = prefix;
  }

  static LimitKind of(String limit) {
    for (var kind : values()) {
      if (kind != GLOBAL && limit.startsWith(kind.prefix)) {
        return kind;
      }
    }
    return GLOBAL;
  }

  String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
