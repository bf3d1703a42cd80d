package io.sluice.pool;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.Objects;
import java.util.UUID;
import java.util.function.Consumer;

/**
 * A work pool as operators see it.
 *
 * @param type which kind of worker serves it; {@link #AGENT} pools have no status
 * @param baseJobTemplate how workers start a run's infrastructure; not looked into here
 * @param concurrencyLimit how many runs of all its queues may be PENDING or RUNNING, null for any
 */
public record WorkPool(
    UUID id,
    long version,
    Instant created,
    Instant updated,
    String name,
    String description,
    String type,
    JsonNode baseJobTemplate,
    boolean paused,
    Integer concurrencyLimit,
    JsonNode storageConfiguration,
    UUID defaultQueueId) {

  public static final String AGENT = "prefect-agent";

  /** Prefect 3.8.8, server/schemas/statuses.py WorkPoolStatus. */
  public enum Status {
    READY,
    NOT_READY,
    PAUSED
  }

  /**
   * Whether its workers can do with {@code other} as well (Prefect 3.8.8, utilities/
   * worker_channel.py WORK_POOL_FIELDS_THAT_TRIGGER_SNAPSHOTS).
   */
  boolean isSameForWorkersAs(WorkPool other) {
    return paused == other.paused
        && Objects.equals(concurrencyLimit, other.concurrencyLimit)
        && Objects.equals(baseJobTemplate, other.baseJobTemplate)
        && Objects.equals(storageConfiguration, other.storageConfiguration);
  }

  /** A changed copy with the next version. */
  public WorkPool with(Instant now, Consumer<Builder> change) {
    var builder = new Builder(this);
    change.accept(builder);
    return new WorkPool(
        id,
        version + 1,
        created,
        now,
        name,
        builder.description,
        type,
        builder.baseJobTemplate,
        builder.paused,
        builder.concurrencyLimit,
        builder.storageConfiguration,
        defaultQueueId);
  }

  /** The fields that can be changed. */
  public static final class Builder {
    public String description;
    public JsonNode baseJobTemplate;
    public boolean paused;
    public Integer concurrencyLimit;
    public JsonNode storageConfiguration;

    private Builder(WorkPool from) {
      description = from.description;
      baseJobTemplate = from.baseJobTemplate;
      paused = from.paused;
      concurrencyLimit = from.concurrencyLimit;
      storageConfiguration = from.storageConfiguration;
    }
  }
}
