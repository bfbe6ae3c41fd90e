package sotto.keys;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackages;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

@AnalyzeClasses(packages = "sotto.keys", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
    @ArchTest
    static final ArchRule keysKnowNoOtherPartOfSotto = noClasses()
            .should()
            .dependOnClassesThat(resideInAnyPackage("sotto..").and(resideOutsideOfPackages("sotto.keys..")));

    @ArchTest
    static final ArchRule keysKnowNeitherNetworkNorWindow = noClasses()
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "java.net..",
                    "java.net.http..",
                    "javax.net..",
                    "java.awt..",
                    "javax.swing..",
                    "io.javalin..",
                    "org.eclipse.jetty..",
                    "java.rmi..");

    @ArchTest
    static final ArchRule onlyTheEngineKnowsTheMlsLibrary = noClasses()
            .that()
            .resideOutsideOfPackage("sotto.keys.groups.mls")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("org.bouncycastle.mls..");

    @ArchTest
    static final ArchRule onlyTheEngineOfItsPackageIsPublic = classes()
            .that()
            .resideInAPackage("sotto.keys.groups.mls")
            .and()
            .doNotHaveSimpleName("MlsGroupEngine")
            .should()
            .notBePublic();

    @ArchTest
    static final ArchRule noLibraryTypeLeavesTheGroupsApi = methods()
            .that()
            .arePublic()
            .and()
            .areDeclaredInClassesThat()
            .resideInAnyPackage("sotto.keys.groups", "sotto.keys.frames", "sotto.keys.identity", "sotto.keys.store")
            .should()
            .notHaveRawReturnType(resideInAnyPackage("org.bouncycastle..", "org.signal.."));
}
