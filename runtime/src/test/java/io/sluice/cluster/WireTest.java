package io.sluice.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.typesafe.config.ConfigFactory;
import io.sluice.node.SluiceConfig;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.serialization.Serialization;
import org.apache.pekko.serialization.SerializationExtension;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

@DisplayName("A message between nodes")
class WireTest {
  /** Identifier of Pekko's jackson-cbor. */
  private static final int CBOR = 33;

  private static final List<Class<?>> MESSAGES = messages();

  private static ActorTestKit testKit;
  private static Serialization serialization;
  private static Samples samples;

  @BeforeAll
  static void start() {
    testKit =
        ActorTestKit.create(
            "wire", SluiceConfig.over(ConfigFactory.parseString("pekko.actor.provider = local")));
    serialization = SerializationExtension.get(testKit.system());
    samples = new Samples(testKit.createTestProbe().getRef());
  }

  @AfterAll
  static void stop() {
    testKit.shutdownTestKit();
  }

  /** All records and enums that are marked as messages, wherever they are. */
  private static List<Class<?>> messages() {
    return new ClassFileImporter()
        .withImportOption(new ImportOption.DoNotIncludeTests()).importPackages("io.sluice").stream()
            .filter(type -> type.isAssignableTo(Wire.class) && !type.isInterface())
            .<Class<?>>map(JavaClass::reflect)
            .sorted(Comparator.comparing(Class::getName))
            .toList();
  }

  @TestFactory
  Stream<DynamicTest> arrives_as_it_was_sent() {
    return MESSAGES.stream()
        .map(type -> DynamicTest.dynamicTest(nameOf(type), () -> assertArrivesAsSent(type)));
  }

  private static String nameOf(Class<?> type) {
    return type.getName().replace("io.sluice.", "");
  }

  private static void assertArrivesAsSent(Class<?> type) {
    for (var sent : samples.of(type)) {
      var arrived = carried(sent);
      if (!arrived.equals(sent)) {
        // Says which component differs.
        assertThat(arrived).usingRecursiveComparison().isEqualTo(sent);
        assertThat(arrived).isEqualTo(sent);
      }
    }
  }

  @Test
  void can_be_any_of_the_commands_and_replies_of_all_owners() {
    var owners =
        List.of("Limit", "Run", "Task", "WorkPool", "WorkQueue", "Deployment").stream()
            .map(owner -> owner + "Reply")
            .toList();
    var families = new ArrayList<String>();
    MESSAGES.stream()
        .map(Class::getEnclosingClass)
        .filter(outer -> outer != null && outer.isSealed())
        .distinct()
        .forEach(outer -> families.add(outer.getSimpleName()));
    assertThat(families).containsExactlyInAnyOrderElementsOf(owners);
    assertThat(MESSAGES.stream().filter(type -> type.getSimpleName().equals("Execute"))).hasSize(6);
  }

  private static Object carried(Object sent) {
    var serializer = serialization.findSerializerFor(sent);
    assertThat(serializer.identifier()).as("the serializer of messages").isEqualTo(CBOR);
    var bytes = serialization.serialize(sent).get();
    var manifest = org.apache.pekko.serialization.Serializers.manifestFor(serializer, sent);
    return serialization.deserialize(bytes, serializer.identifier(), manifest).get();
  }
}
