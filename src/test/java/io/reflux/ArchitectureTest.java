package io.reflux;

import static com.tngtech.archunit.core.domain.JavaCall.Predicates.target;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.type;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.nameMatching;
import static com.tngtech.archunit.core.domain.properties.HasOwner.Predicates.With.owner;
import static com.tngtech.archunit.core.domain.properties.HasParameterTypes.Predicates.rawParameterTypes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.GeneralCodingRules.ACCESS_STANDARD_STREAMS;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.NullMarked;

/** The house keeps its floors: packages depend downward only, and the core is a plain library. */
@AnalyzeClasses(packages = "io.reflux", importOptions = DoNotIncludeTests.class)
final class ArchitectureTest {
    private static final String ROOT = "io.reflux.";

    /** From the roof to the ground. */
    private static final List<String> ROOMS = List.of(
            "cli",
            "bench",
            "console",
            "api",
            "rounds",
            "intake",
            "reservoir",
            "feeds",
            "kafka",
            "telemetry",
            "config",
            "wire",
            "distill",
            "sample",
            "nn",
            "image",
            "format");

    private static final String[] CORE = packages(List.of("distill", "sample", "nn", "image", "format"));

    private static final String[] SERVICE_LIBRARIES = {
        "io.quarkus..", "io.smallrye..", "io.vertx..", "org.apache.kafka..", "org.eclipse.microprofile..", "jakarta.."
    };

    @ArchTest
    static final ArchRule everyClassLivesInARoom =
            classes().that().resideInAPackage("io.reflux..").should().resideInAnyPackage(packages(ROOMS));

    @ArchTest
    static final ArchRule theCoreKnowsNoServiceLibrary = noClasses()
            .that()
            .resideInAnyPackage(CORE)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(SERVICE_LIBRARIES);

    @ArchTest
    static final ArchRule packagesFormNoCycle =
            slices().matching("io.reflux.(*)..").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule namesSayWhatAClassIs =
            noClasses().should().haveNameMatching(".*(Utils?|Manager|Helper|Impl|Processor)(\\$.*)?");

    @ArchTest
    static final ArchRule onlyTheConsoleWritesToTheTerminal =
            noClasses().that().resideOutsideOfPackage("io.reflux.console..").should(ACCESS_STANDARD_STREAMS);

    /** See {@link io.reflux.nn.Scalars}: a graph would keep a number whose memory is gone. */
    @ArchTest
    static final ArchRule factorsOfGraphsLiveInTheEngine = noClasses()
            .that()
            .resideInAnyPackage(CORE)
            .should()
            .callMethod(NDArray.class, "mul", Number.class)
            .orShould()
            .callMethod(NDArray.class, "div", Number.class)
            .orShould()
            .callMethod(NDArray.class, "pow", Number.class);

    /** See {@link io.reflux.nn.HostReads}: on a GPU every read waits, so they are counted where they happen. */
    @ArchTest
    static final ArchRule valuesComeToTheHostInOnePlace = noClasses()
            .that()
            .resideInAnyPackage(CORE)
            .and()
            .doNotHaveFullyQualifiedName("io.reflux.nn.HostReads")
            .should()
            .callMethodWhere(target(owner(assignableTo(NDArray.class)))
                    .and(target(nameMatching("to.*Array|toByteBuffer|get(Float|Double|Int|Long|Byte|Boolean|Uint8)"))));

    /** Arrays lie on the device of the session: no manager and no array of another one is made. */
    @ArchTest
    static final ArchRule devicesAreChosenInOnePlace = noClasses()
            .that()
            .resideInAnyPackage(CORE)
            .and()
            .doNotHaveFullyQualifiedName("io.reflux.nn.Compute")
            .and()
            .doNotHaveFullyQualifiedName("io.reflux.nn.TensorSession")
            .and()
            .doNotHaveFullyQualifiedName("io.reflux.nn.TorchScript")
            .should()
            .callMethodWhere(target(nameMatching("newBaseManager|toDevice")))
            .orShould()
            .callMethodWhere(target(owner(assignableTo(NDManager.class)))
                    .and(target(rawParameterTypes(DescribedPredicate.anyElementThat(type(Device.class))))))
            .orShould()
            .callMethodWhere(target(owner(type(Device.class))).and(target(nameMatching("cpu|gpu|of|fromName"))));

    @ArchTest
    static void dependenciesPointDownward(JavaClasses classes) {
        IntStream.range(1, ROOMS.size()).forEach(floor -> noClasses()
                .that()
                .resideInAPackage(ROOT + ROOMS.get(floor) + "..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(packages(ROOMS.subList(0, floor)))
                .check(classes));
    }

    @ArchTest
    static void everyPackageIsNullMarked(JavaClasses classes) {
        assertThat(classes.getPackage("io.reflux").getSubpackages())
                .isNotEmpty()
                .allSatisfy(room -> assertThat(room.isAnnotatedWith(NullMarked.class))
                        .as("%s has a package-info.java with @NullMarked", room.getName())
                        .isTrue());
    }

    private static String[] packages(List<String> rooms) {
        return rooms.stream().map(room -> ROOT + room + "..").toArray(String[]::new);
    }
}
