package sotto.rooms;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** Which part of the room protocol may know what. */
@AnalyzeClasses(packages = "sotto.rooms", importOptions = DoNotIncludeTests.class)
class ArchitectureTest {
    /** No clock, randomness, thread, I/O or cryptography: only values, collections and itself. */
    @ArchTest
    static final ArchRule theMachineIsPure = classes()
            .that()
            .resideInAPackage("sotto.rooms.machine..")
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage(
                    "sotto.rooms.machine..",
                    "sotto.rooms", // its values alone: theSessionIsKnownByNobodyBelow
                    "sotto.rooms.group..",
                    "sotto.rooms.rules..",
                    "sotto.rooms.wire..",
                    "java.lang..",
                    "java.util",
                    "java.util.function",
                    "java.util.stream");

    @ArchTest
    static final ArchRule theMachineHasNoThreadsClocksOrRandomness = noClasses()
            .that()
            .resideInAPackage("sotto.rooms.machine..")
            .should()
            .dependOnClassesThat()
            .haveNameMatching(
                    "java\\.lang\\.(Thread|System|Runtime|Process).*|java\\.util\\.(Random|UUID|Timer.*|Date)");

    @ArchTest
    static final ArchRule ofTheWireTheMachineKnowsTheIdsAlone = noClasses()
            .that()
            .resideInAPackage("sotto.rooms.machine..")
            .should()
            .dependOnClassesThat()
            .haveNameMatching("sotto\\.rooms\\.wire\\.(WireCodec|LogHash|LogHead|ClientFrame.*|ServerFrame.*|Payload)");

    @ArchTest
    static final ArchRule theSessionIsKnownByNobodyBelow = noClasses()
            .that()
            .resideOutsideOfPackage("sotto.rooms.session..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("sotto.rooms.session..");

    @ArchTest
    static final ArchRule roomsKnowNothingElseOfOurs =
            noClasses().should().dependOnClassesThat().haveNameMatching("sotto\\.(?!rooms\\.).*");
}
