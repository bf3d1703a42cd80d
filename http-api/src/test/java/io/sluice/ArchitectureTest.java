package io.sluice;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.time.Instant;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The HTTP API")
class ArchitectureTest {
  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("io.sluice.http", "io.sluice.prefect");

  @Test
  void is_checked_as_a_whole() {
    assertThat(CLASSES.stream().map(type -> type.getPackageName()))
        .contains("io.sluice.http", "io.sluice.prefect")
        .hasSizeGreaterThan(70);
  }

  /** It turns the store's failures and the rules' refusals into statuses, and knows no more. */
  @Test
  void serves_http_without_knowing_what() {
    noClasses()
        .that(resideInAPackage("io.sluice.http.."))
        .should()
        .dependOnClassesThat(
            resideInAPackage("io.sluice..")
                .and(
                    com.tngtech.archunit.base.DescribedPredicate.not(
                        resideInAnyPackage("io.sluice.http..", "io.sluice.rejection..")))
                .and(
                    com.tngtech.archunit.base.DescribedPredicate.describe(
                        "are not the store's failure",
                        type -> !type.getSimpleName().equals("StoreUnavailable"))))
        .check(CLASSES);
  }

  @Test
  void leaves_sql_to_the_runtime() {
    noClasses()
        .should()
        .dependOnClassesThat(
            resideInAnyPackage(
                "org.jooq..", "java.sql..", "javax.sql..", "org.h2..", "com.zaxxer.."))
        .check(CLASSES);
  }

  @Test
  void leaves_actors_and_streams_to_the_server_and_the_owners() {
    noClasses()
        .that(resideInAPackage("io.sluice.prefect.."))
        .should()
        .dependOnClassesThat(
            resideInAnyPackage(
                "org.apache.pekko.http..",
                "org.apache.pekko.stream..",
                "org.apache.pekko.persistence..",
                "org.apache.pekko.cluster.."))
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
}
