package io.troupe.cli;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** The arrows between the rooms of the house. */
@AnalyzeClasses(packages = "io.troupe", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
  @ArchTest
  static final ArchRule API_KNOWS_NO_ACTORS_AND_NO_OTHER_ROOM =
      noClasses()
          .that()
          .resideInAPackage("io.troupe.api..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "org.apache.pekko..", "io.troupe.persistence..", "io.troupe.control..", "io.troupe.node..", "io.troupe.cli..");

  @ArchTest
  static final ArchRule PERSISTENCE_KNOWS_THE_API_ALONE =
      noClasses()
          .that()
          .resideInAPackage("io.troupe.persistence..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("io.troupe.control..", "io.troupe.node..", "io.troupe.cli..");

  @ArchTest
  static final ArchRule NODES_KNOW_THE_API_ALONE =
      noClasses()
          .that()
          .resideInAPackage("io.troupe.node..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("io.troupe.persistence..", "io.troupe.control..", "io.troupe.cli..");

  @ArchTest
  static final ArchRule CONTROLLERS_STAND_ALONE =
      noClasses()
          .that()
          .resideInAPackage("io.troupe.control.controllers..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "io.troupe.control.apiserver..", "io.troupe.control.scheduler..", "io.troupe.control.kinds..", "io.troupe.persistence..");

  @ArchTest
  static final ArchRule THE_SCHEDULER_STANDS_ALONE =
      noClasses()
          .that()
          .resideInAPackage("io.troupe.control.scheduler..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("io.troupe.control.apiserver..", "io.troupe.control.controllers..", "io.troupe.control.kinds..");

  @ArchTest
  static final ArchRule THE_API_SERVER_KNOWS_NO_CONTROLLERS_OR_SCHEDULER =
      noClasses()
          .that()
          .resideInAPackage("io.troupe.control.apiserver..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("io.troupe.control.controllers..", "io.troupe.control.scheduler..");

  @ArchTest
  static final ArchRule DECISIONS_ABOUT_KINDS_ARE_PURE =
      noClasses()
          .that()
          .resideInAPackage("io.troupe.control.kinds..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("org.apache.pekko..", "java.sql..", "io.vertx..", "java.net.http..")
          .orShould()
          .callMethod(System.class, "currentTimeMillis")
          .orShould()
          .callMethod(java.time.Instant.class, "now");

  @ArchTest
  static final ArchRule NAMES_SAY_WHAT_A_CLASS_IS =
      classes()
          .that()
          .resideInAPackage("io.troupe..")
          .should()
          .haveNameNotMatching(".*(Manager|Helper|Util|Utils|Impl|Base)$");
}
