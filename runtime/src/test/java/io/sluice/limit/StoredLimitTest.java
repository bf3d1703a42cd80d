package io.sluice.limit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.typesafe.config.ConfigFactory;
import io.sluice.cluster.Samples;
import io.sluice.node.SluiceConfig;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.serialization.Serialization;
import org.apache.pekko.serialization.SerializationExtension;
import org.apache.pekko.serialization.Serializers;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * What journals hold already. The files of {@code stored} are bytes that were written once: they
 * are only ever added to. If a test here fails, the change breaks journals; give the event that
 * means something new a new name with the next version, and keep reading the old one.
 */
@DisplayName("A stored limit")
class StoredLimitTest {
  private static final Path FILES = Path.of("src/test/resources/io/sluice/limit/stored");
  private static final int EVENTS = 7101;
  private static final int SNAPSHOTS = 7102;

  private static final Instant NOON = Instant.parse("2026-11-21T12:00:00.123456Z");
  private static final UUID LIMIT = UUID.fromString("11111111-2222-4333-8444-555555555555");
  private static final UUID OTHER = UUID.fromString("99999999-2222-4333-8444-555555555555");
  private static final UUID LEASE = UUID.fromString("11111111-2222-8333-8000-000000000001");
  private static final UUID RUN = UUID.fromString("00000000-0000-4007-8000-000000000007");
  private static final LimitSettings SETTINGS = new LimitSettings("db", true, 3, 0.25);

  private static final Lease FULL =
      new Lease(
          LEASE, 2, Holder.flowRun(RUN), Duration.ofMillis(90_500), 7, NOON, false, List.of(OTHER));
  private static final Lease BARE = new Lease(LEASE, 1, null, null, 8, NOON, true, List.of());

  private static final Lease REVOKED =
      new Lease(
          UUID.fromString("11111111-2222-8333-8000-000000000002"),
          1,
          null,
          Duration.ofSeconds(60),
          8,
          NOON,
          false,
          List.of());

  private static ActorTestKit testKit;
  private static Serialization serialization;

  @BeforeAll
  static void start() {
    testKit =
        ActorTestKit.create(
            "stored", SluiceConfig.over(ConfigFactory.parseString("pekko.actor.provider = local")));
    serialization = SerializationExtension.get(testKit.system());
  }

  @AfterAll
  static void stop() {
    testKit.shutdownTestKit();
  }

  /** By file, what it says. */
  private static Map<String, LimitEvent> events() {
    var events = new LinkedHashMap<String, LimitEvent>();
    events.put("limit.created.v1", new LimitEvent.Created(LIMIT, SETTINGS, 1, NOON));
    events.put("limit.configured.v1", new LimitEvent.Configured(SETTINGS.withActive(false), NOON));
    events.put("limit.deleted.v1", new LimitEvent.Deleted(NOON));
    events.put("limit.outlived.v1", new LimitEvent.Outlived(NOON));
    events.put("limit.granted.v1", new LimitEvent.Granted(FULL, NOON));
    events.put("limit.granted.v1.bare", new LimitEvent.Granted(BARE, NOON));
    events.put("limit.released.v1", new LimitEvent.Released(LEASE, 1.5, NOON));
    events.put("limit.expired.v1", new LimitEvent.Expired(LEASE, 90.5, NOON));
    events.put("limit.revoked.v1", new LimitEvent.Revoked(LEASE, 1.5, NOON));
    events.put("limit.forgotten.v1", new LimitEvent.Forgotten(LEASE, NOON));
    events.put("limit.retimed.v1", new LimitEvent.Retimed(LEASE, Duration.ofSeconds(90), NOON));
    events.put("limit.unbound.v1", new LimitEvent.Unbound(LEASE, NOON));
    events.put("limit.slots-taken.v1", new LimitEvent.SlotsTaken(2, NOON));
    events.put("limit.slots-returned.v1", new LimitEvent.SlotsReturned(2, 1.5, NOON));
    events.put("limit.slots-returned.v1.bare", new LimitEvent.SlotsReturned(1, null, NOON));
    events.put(
        "limit.slots-overridden.v1", new LimitEvent.SlotsOverridden(List.of(LEASE), -2, NOON));
    events.put(
        "limit.batch.v1",
        new LimitEvent.Batch(
            List.of(
                new LimitEvent.Released(LEASE, 1.5, NOON), new LimitEvent.Granted(FULL, NOON))));
    return events;
  }

  private static Map<String, Limit> snapshots() {
    var held = new Taken(Leases.of(List.of(FULL)), -1, NOON);
    return Map.of(
        "snapshot",
        new Limit(LIMIT, SETTINGS, NOON, NOON.plusSeconds(1), held, 9, 2.5, Tombstones.NONE),
        "snapshot.absent",
        Limit.ABSENT,
        "snapshot.outlived",
        Limit.ABSENT.with(
            Tombstones.of(List.of(new Tombstone(FULL, true), new Tombstone(REVOKED, false)))));
  }

  @TestFactory
  Stream<DynamicTest> event_is_read_as_it_was_meant() {
    return tests(events(), EVENTS);
  }

  @TestFactory
  Stream<DynamicTest> snapshot_is_read_as_it_was_meant() {
    return tests(snapshots(), SNAPSHOTS);
  }

  private static Stream<DynamicTest> tests(Map<String, ?> meant, int serializer) {
    return meant.entrySet().stream()
        .map(
            entry ->
                DynamicTest.dynamicTest(
                    entry.getKey(),
                    () -> assertReadAs(entry.getKey(), entry.getValue(), serializer)));
  }

  private static void assertReadAs(String file, Object meant, int serializer) throws IOException {
    var stored = Files.readString(FILES.resolve(file + ".json"));
    var read = serialization.deserialize(stored.getBytes(StandardCharsets.UTF_8), serializer, "");
    assertThat(read.get()).isEqualTo(meant);
    var written = new String(serialization.serialize(meant).get(), StandardCharsets.UTF_8);
    var json = new ObjectMapper();
    assertThat(json.readTree(written)).as("what is written today").isEqualTo(json.readTree(stored));
  }

  @Test
  void has_a_file_of_every_kind_of_event_by_its_stored_name() {
    var names = LimitEvent.class.getAnnotation(JsonSubTypes.class).value();
    assertThat(Arrays.stream(names).map(JsonSubTypes.Type::value))
        .containsExactlyInAnyOrder(LimitEvent.class.getPermittedSubclasses());
    assertThat(Arrays.stream(names).map(JsonSubTypes.Type::name))
        .allMatch(name -> name.matches("limit\\.[a-z-]+\\.v[1-9][0-9]*"))
        .allMatch(name -> events().containsKey(name));
  }

  @Test
  void has_no_file_that_nobody_reads() throws IOException {
    try (var files = Files.list(FILES)) {
      var meant =
          Stream.concat(events().keySet().stream(), snapshots().keySet().stream())
              .map(name -> name + ".json")
              .collect(Collectors.toSet());
      assertThat(files.map(file -> file.getFileName().toString()))
          .containsExactlyInAnyOrderElementsOf(meant);
    }
  }

  @Test
  void comes_back_from_the_journal_as_it_was_whatever_happened() {
    var samples = new Samples(null);
    assertThat(samples.of(LimitEvent.class))
        .allSatisfy(event -> assertThat(stored(event, EVENTS)).isEqualTo(event));
    assertThat(samples.of(Limit.class))
        .allSatisfy(limit -> assertThat(stored(limit, SNAPSHOTS)).isEqualTo(limit));
  }

  private static Object stored(Object meant, int id) {
    var serializer = serialization.findSerializerFor(meant);
    assertThat(serializer.identifier()).isEqualTo(id);
    assertThat(Serializers.manifestFor(serializer, meant)).as("no class name").isEmpty();
    var bytes = serialization.serialize(meant).get();
    assertThat(new String(bytes, StandardCharsets.UTF_8)).startsWith("{").doesNotContain("sluice");
    return serialization.deserialize(bytes, id, "").get();
  }

  @Test
  void is_not_read_past_an_event_of_a_later_version() {
    var later = "{\"event\":\"limit.lent.v2\",\"at\":\"2026-11-21T12:00:00Z\"}";
    var bytes = later.getBytes(StandardCharsets.UTF_8);
    assertThatThrownBy(() -> serialization.deserialize(bytes, EVENTS, "").get())
        .hasMessageContaining("limit.lent.v2");
  }
}
