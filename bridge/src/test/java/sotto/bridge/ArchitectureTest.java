package sotto.bridge;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

@AnalyzeClasses(packages = "sotto", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {

    @ArchTest
    static final ArchRule theBridgeDependsOnNoOtherPartOfSotto = noClasses()
            .that()
            .resideInAPackage("sotto.bridge..")
            .should()
            .dependOnClassesThat(resideInAPackage("sotto..").and(resideOutsideOfPackage("sotto.bridge..")));

    @ArchTest
    static final ArchRule theGateDecidesWithoutHttpSocketsOrThreads = classes()
            .that()
            .resideInAPackage("sotto.bridge.gate..")
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage(
                    "java.lang..",
                    "java.time..",
                    "java.util",
                    "java.security",
                    "java.nio.charset",
                    "sotto.bridge.gate..");

    @ArchTest
    static final ArchRule theSealKnowsNeitherHttpNorPage = noClasses()
            .that()
            .resideInAPackage("sotto.bridge.seal..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "sotto.bridge.local..",
                    "sotto.bridge.gate..",
                    "io.javalin..",
                    "org.eclipse.jetty..",
                    "org.slf4j..");
}
