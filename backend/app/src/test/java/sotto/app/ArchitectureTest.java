package sotto.app;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.belongToAnyOf;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import sotto.server.TurnServer;
import sotto.server.relay.NodeSecret;

/** Arrows between modules point one way, and cryptography has few homes. */
@AnalyzeClasses(packages = "sotto", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
    private static final String[] CRYPTOGRAPHY = {"javax.crypto..", "org.bouncycastle..", "org.signal.."};

    @ArchTest
    static final ArchRule keysKnowNothingElseOfOurs =
            noClasses().that().resideInAPackage("sotto.keys..").should().dependOnClassesThat(ours("sotto.keys"));

    @ArchTest
    static final ArchRule roomsKnowNothingElseOfOurs =
            noClasses().that().resideInAPackage("sotto.rooms..").should().dependOnClassesThat(ours("sotto.rooms"));

    @ArchTest
    static final ArchRule bridgeKnowsNothingElseOfOurs =
            noClasses().that().resideInAPackage("sotto.bridge..").should().dependOnClassesThat(ours("sotto.bridge"));

    @ArchTest
    static final ArchRule serverKnowsRoomsAlone = noClasses()
            .that()
            .resideInAPackage("sotto.server..")
            .should()
            .dependOnClassesThat(ours("sotto.server", "sotto.rooms"));

    @ArchTest
    static final ArchRule theWindowIsUsedByTheCommandLineAlone = classes()
            .that()
            .resideInAPackage("sotto.app.window..")
            .should()
            .onlyHaveDependentClassesThat()
            .resideInAnyPackage("sotto.app.window..", "sotto.app.cli..");

    @ArchTest
    static final ArchRule theCommandLineIsUsedByMainAlone = classes()
            .that()
            .resideInAPackage("sotto.app.cli..")
            .should()
            .onlyBeAccessed()
            .byClassesThat(new NamedOrIn("sotto.app.Main", "sotto.app.cli"));

    @ArchTest
    static final ArchRule cryptographyLivesInKeysEnvelopeAndSeal = noClasses()
            .that()
            .resideOutsideOfPackages("sotto.keys..", "sotto.rooms.envelope..", "sotto.bridge.seal..")
            // The server's passes to relays and TURN: secrets of its operator, none of a call.
            .and(not(belongToAnyOf(TurnServer.class, NodeSecret.class))
                    .and(not(resideInAPackage("sotto.server.relay.livekit.."))))
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(CRYPTOGRAPHY);

    @ArchTest
    static final ArchRule mlsTypesStayBehindTheirInterface = noClasses()
            .that()
            .resideOutsideOfPackage("sotto.keys.groups.mls..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("org.bouncycastle.mls..");

    @ArchTest
    static final ArchRule keysReachNoNetwork = noClasses()
            .that()
            .resideInAPackage("sotto.keys..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "java.net..", "java.nio.channels.spi..", "io.javalin..", "org.eclipse.jetty..", "java.awt..");

    private static NotIn ours(String... allowed) {
        return new NotIn(allowed);
    }
}
