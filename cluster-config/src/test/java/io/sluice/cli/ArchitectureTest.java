package io.sluice.cli;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The command line's code")
class ArchitectureTest {

  @Test
  void knows_no_sql_and_no_http_messages() {
    var classes =
        new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("io.sluice.cli");
    noClasses()
        .should()
        .dependOnClassesThat(
            resideInAnyPackage(
                "org.jooq..",
                "org.h2..",
                "javax.sql..",
                "org.apache.pekko.http.javadsl.model..",
                "org.apache.pekko.http.scaladsl.."))
        .check(classes);
  }
}
