package io.sluice;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The runtime")
class ArchitectureTest {
  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("io.sluice");

  /** Where rules live; in these packages only the shells touch the world. */
  private static final String[] CORES = {
    "io.sluice.limit",
    "io.sluice.run",
    "io.sluice.queue",
    "io.sluice.pool",
    "io.sluice.worker",
    "io.sluice.task",
    "io.sluice.deployment",
    "io.sluice.explain",
    "io.sluice.graph",
    "io.sluice.schedule",
    "io.sluice.block",
    "io.sluice.automation",
    "io.sluice.rejection"
  };

  private static final Set<String> SHELLS =
      Set.of(
          ("LimitActor LimitAsks LeaseCalls LimitOwners LimitDirectory Limits NewLimit LimitChange Acquisition"
                  + " FlowRunActor FlowRunTable Histories FlowRuns FlowRunInputs Meant"
                  + " Submission Surroundings Step Edit Transition WorkQueueActor WorkQueueTable"
                  + " WorkQueues QueueRows QueueSlots WorkPoolActor WorkPoolTable"
                  + " WorkPools PoolNews PoolRows PoolSlots Polls WorkerTable TaskRunActor"
                  + " TaskRunTable TaskRuns TaskCache TaskSlots DeploymentActor"
                  + " DeploymentTable Deployments DeploymentLimits DeploymentPolls"
                  + " DeploymentBatches Hydrations BlockDefaults RunBatch"
                  + " DeploymentRuns Explanations RunGraphs Tallies Refused LimitSweeper LimitWatch"
                  + " Watchers RunNames ScheduledRuns Awakening Blocks BlockTypes"
                  + " BlockSchemas NewSchemas BlockDocuments BlockRows Assembly"
                  + " ResultStorage ProtectedBlocks Vault VaultKey Automations")
              .split(" "));

  private static final DescribedPredicate<JavaClass> PURE =
      resideInAnyPackage(CORES)
          .and(
              DescribedPredicate.describe(
                  "are not shells", type -> !SHELLS.contains(outermost(type))));

  private static String outermost(JavaClass type) {
    var outer = type;
    while (outer.getEnclosingClass().isPresent()) {
      outer = outer.getEnclosingClass().get();
    }
    return outer.getSimpleName();
  }

  @Test
  void keeps_actors_clocks_and_logs_out_of_its_rules() {
    noClasses()
        .that(PURE)
        .should()
        .dependOnClassesThat(
            resideInAnyPackage(
                "org.apache.pekko..", "org.slf4j..", "org.jooq..", "java.util.concurrent.."))
        .check(CLASSES);
    noClasses()
        .that(PURE)
        .should()
        .callMethod(Instant.class, "now")
        .orShould()
        .callMethod(UUID.class, "randomUUID")
        .orShould()
        .callMethod(System.class, "currentTimeMillis")
        .orShould()
        .callMethod(System.class, "nanoTime")
        .orShould()
        .dependOnClassesThat()
        .areAssignableTo(Random.class)
        .check(CLASSES);
  }

  @Test
  void reads_the_time_only_from_a_clock_it_was_given() {
    noClasses()
        .should()
        .callMethod(Instant.class, "now")
        .orShould()
        .callMethod(System.class, "currentTimeMillis")
        .check(CLASSES);
  }

  @Test
  void has_packages_that_depend_on_each_other_in_one_direction() {
    slices().matching("io.sluice.(*)..").should().beFreeOfCycles().check(CLASSES);
  }

  @Test
  void knows_no_http() {
    noClasses()
        .should()
        .dependOnClassesThat(resideInAPackage("org.apache.pekko.http.."))
        .check(CLASSES);
  }

  @Test
  void leaves_sql_to_the_store_and_to_directories() {
    noClasses()
        .that()
        .haveSimpleNameEndingWith("Actor")
        .should()
        .dependOnClassesThat(resideInAnyPackage("org.jooq..", "java.sql.."))
        .check(CLASSES);
  }

  @Test
  void says_in_every_package_what_it_owns() throws IOException {
    try (var folders = Files.walk(Path.of("src/main/java/io/sluice"))) {
      assertThat(folders.filter(ArchitectureTest::hasClasses))
          .isNotEmpty()
          .allSatisfy(folder -> assertThat(folder.resolve("package-info.java")).exists());
    }
  }

  private static boolean hasClasses(Path folder) {
    var files = folder.toFile().listFiles((in, name) -> name.endsWith(".java"));
    return files != null && files.length > 0;
  }
}
