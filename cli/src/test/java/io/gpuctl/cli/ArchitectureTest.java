package io.gpuctl.cli;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.type;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.AccessTarget.CodeUnitAccessTarget;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaMethodCall;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import io.gpuctl.cli.fixtures.orchestrator.core.Impure;
import io.gpuctl.orchestrator.core.PoolOrchestrator;
import java.io.Serial;
import java.io.Serializable;
import java.time.Clock;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.streams.KafkaStreams;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Checks the rules of the design for the classes of every module: allowed dependencies, and what a pure core must not
 * use.
 */
class ArchitectureTest {

    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            // Test classes of another module: a folder in one phase of the build, a jar in the next.
            .withImportOption(location -> !location.contains("-tests.jar"))
            .importPackages("io.gpuctl");

    private static final String[] PURE = {
        "..events.form..",
        "..simulator.host..",
        "..simulator.model..",
        "..simulator.faults..",
        "..simulator.random..",
        "..orchestrator.core..",
        "..orchestrator.policy..",
        "..orchestrator.queue..",
        "..telemetry.conditions..",
        "..telemetry.views..",
        "..audit.rules..",
        "..experiments.engine.."
    };

    private static final ArchRule PURE_CORE_KNOWS_NO_OUTSIDE = noClasses()
            .that()
            .resideInAnyPackage(PURE)
            .should()
            .dependOnClassesThat(outside())
            .because("a core runs on virtual time too: no Kafka, I/O, threads or clock");

    private static final ArchRule PURE_CORE_IS_DETERMINISTIC = noClasses()
            .that()
            .resideInAnyPackage(PURE)
            .should()
            .accessTargetWhere(chance())
            .because(
                    "the same log and seed give the same output on any machine. Use LinkedHashMap, LinkedHashSet, TreeMap"
                            + " or EnumMap, wrapped by Collections.unmodifiable...: Map.of, Map.copyOf and the like iterate in an"
                            + " order that changes with every JVM");

    private static DescribedPredicate<JavaClass> outside() {
        return resideInAnyPackage(
                        "org.apache.kafka..",
                        "java.io..",
                        "java.nio.file..",
                        "java.nio.channels..",
                        "java.net..",
                        "java.util.concurrent..",
                        "..simulator.runtime..",
                        "..orchestrator.runtime..",
                        "..telemetry.runtime..")
                .and(DescribedPredicate.not(
                        type(TimeUnit.class).or(type(Serial.class)).or(type(Serializable.class)))) // For exceptions.
                .or(assignableTo(Thread.class))
                .or(assignableTo(Clock.class));
    }

    private static DescribedPredicate<JavaAccess<?>> chance() {
        return DescribedPredicate.describe(
                "depends on the clock, on unseeded randomness or on hash order", ArchitectureTest::isChance);
    }

    private static boolean isChance(JavaAccess<?> access) {
        var owner = access.getTargetOwner();
        String member = access.getTarget().getName();
        int parameterCount = parameterCount(access);
        return switch (owner.getName()) {
            case "java.lang.System" ->
                switch (member) {
                    case "currentTimeMillis", "nanoTime", "identityHashCode", "getenv", "getProperty" -> true;
                    default -> false;
                };
            case "java.lang.Math", "java.lang.StrictMath" -> member.equals("random");
            case "java.util.UUID" -> member.equals("randomUUID");
            case "java.util.Random", "java.util.SplittableRandom" -> member.equals("<init>") && parameterCount == 0;
            case "java.util.random.RandomGenerator" -> member.equals("getDefault") || member.equals("of");
            case "java.util.random.RandomGeneratorFactory" -> member.equals("create") && parameterCount == 0;
            case "java.security.SecureRandom" -> true;
            case "java.util.Collections" -> member.equals("shuffle") && parameterCount == 1;
            case "java.util.HashMap", "java.util.HashSet", "java.util.IdentityHashMap", "java.util.WeakHashMap" ->
                member.equals("<init>") || member.startsWith("newHash");
            // The order of at most one element does not matter.
            case "java.util.Set" -> member.equals("copyOf") || (member.equals("of") && !isShortSetOf(access));
            case "java.util.Map" ->
                member.equals("copyOf") || member.equals("ofEntries") || (member.equals("of") && parameterCount > 2);
            case "java.util.stream.Collectors" ->
                switch (member) {
                    case "toSet", "toUnmodifiableSet", "toUnmodifiableMap" -> true;
                    case "toMap" -> parameterCount < 4;
                    case "groupingBy" -> parameterCount < 3;
                    default -> member.endsWith("Concurrent");
                };
            default ->
                member.equals("parallelStream")
                        || (member.equals("parallel") && owner.getPackageName().equals("java.util.stream"))
                        || (member.equals("now") && owner.getPackageName().startsWith("java.time"));
        };
    }

    private static boolean isShortSetOf(JavaAccess<?> access) {
        return parameterCount(access) == 0 || access.getTarget().getFullName().endsWith("of(java.lang.Object)");
    }

    private static int parameterCount(JavaAccess<?> access) {
        return access.getTarget() instanceof CodeUnitAccessTarget target
                ? target.getRawParameterTypes().size()
                : 0;
    }

    private static ArchRule never(String from, String... to) {
        return noClasses()
                .that()
                .resideInAPackage(from)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(to);
    }

    @Test
    void coresKnowNoOutside() {
        PURE_CORE_KNOWS_NO_OUTSIDE.check(CLASSES);
    }

    @Test
    void coresAreDeterministic() {
        PURE_CORE_IS_DETERMINISTIC.check(CLASSES);
    }

    @Test
    void eventsKnowNobody() {
        noClasses()
                .that()
                .resideInAPackage("io.gpuctl.events..")
                .should()
                .dependOnClassesThat(resideInAPackage("io.gpuctl..")
                        .and(DescribedPredicate.not(resideInAPackage("io.gpuctl.events.."))))
                .check(CLASSES);
    }

    @Test
    void simulatorOrchestratorAndTelemetryDoNotKnowOneAnother() {
        never("io.gpuctl.simulator..", "io.gpuctl.orchestrator..", "io.gpuctl.telemetry..")
                .check(CLASSES);
        never("io.gpuctl.orchestrator..", "io.gpuctl.simulator..", "io.gpuctl.telemetry..")
                .check(CLASSES);
        never("io.gpuctl.telemetry..", "io.gpuctl.simulator..", "io.gpuctl.orchestrator..")
                .check(CLASSES);
    }

    @Test
    void apiKnowsNeitherTheSchedulerNorTheNodesNorTheBroker() {
        never("io.gpuctl.api..", "io.gpuctl.orchestrator..", "io.gpuctl.simulator..", "io.gpuctl.broker..")
                .check(CLASSES);
    }

    @Test
    void experimentsKnowCoresAndNoKafka() {
        never(
                        "io.gpuctl.experiments..",
                        "io.gpuctl.api..",
                        "io.gpuctl.broker..",
                        "io.gpuctl.simulator.runtime..",
                        "io.gpuctl.orchestrator.runtime..",
                        "io.gpuctl.telemetry.runtime..",
                        "org.apache.kafka..")
                .check(CLASSES);
    }

    @Test
    void auditKnowsCoresAndNoKafka() {
        never(
                        "io.gpuctl.audit..",
                        "io.gpuctl.api..",
                        "io.gpuctl.broker..",
                        "io.gpuctl.simulator..",
                        "io.gpuctl.orchestrator.runtime..",
                        "io.gpuctl.telemetry.runtime..",
                        "org.apache.kafka..")
                .check(CLASSES);
        never("io.gpuctl.audit.log..", "io.gpuctl.orchestrator..", "io.gpuctl.telemetry..")
                .check(CLASSES);
        never("io.gpuctl.audit.redo..", "io.gpuctl.telemetry..").check(CLASSES);
    }

    /** The rules use only the fold over the facts: code that makes decisions would accept its own mistakes. */
    @Test
    void rulesDoNotDecide() {
        noClasses()
                .that()
                .resideInAPackage("io.gpuctl.audit.rules..")
                .should()
                .dependOnClassesThat(
                        resideInAPackage("io.gpuctl.orchestrator.policy..").or(type(PoolOrchestrator.class)))
                .check(CLASSES);
    }

    @Test
    void onlyExperimentsAndTheCommandLineKnowTheAudit() {
        noClasses()
                .that()
                .resideOutsideOfPackages("io.gpuctl.audit..", "io.gpuctl.experiments..", "io.gpuctl.cli..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.gpuctl.audit..")
                .check(CLASSES);
    }

    @Test
    void onlyTheCommandLineKnowsExperiments() {
        noClasses()
                .that()
                .resideOutsideOfPackages("io.gpuctl.experiments..", "io.gpuctl.cli..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.gpuctl.experiments..")
                .check(CLASSES);
    }

    @Test
    void nobodyKnowsTheCommandLine() {
        noClasses()
                .that()
                .resideOutsideOfPackage("io.gpuctl.cli..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.gpuctl.cli..")
                .check(CLASSES);
    }

    /** Two readers that share code also share its mistakes. */
    @Test
    void theIndependentCheckKnowsKafkaClientsAndJsonOnly() {
        classes()
                .that()
                .resideInAPackage("io.gpuctl.cli.chaos.check..")
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(
                        "io.gpuctl.cli.chaos.check..",
                        "java..",
                        "com.fasterxml.jackson..",
                        "org.apache.kafka.clients.consumer..",
                        "org.apache.kafka.common..",
                        "org.jspecify.annotations..")
                .check(CLASSES);
    }

    /**
     * A client that has only the addresses cannot reach a secured cluster. Each class that creates a client takes its
     * settings from {@code KafkaConnection}, or from {@code KafkaClients}, which has the settings of the API.
     */
    @Test
    void everyKafkaClientBeginsWithTheSettingsOfTheConnection() {
        classes()
                .that(makeKafkaClients())
                // Exceptions: the broker's own client, which has the broker's own settings; classes that get settings
                // from KafkaAccess; and classes that get the settings of Kafka Streams.
                .and()
                .doNotHaveFullyQualifiedName("io.gpuctl.broker.EmbeddedBroker")
                .and()
                .doNotHaveFullyQualifiedName("io.gpuctl.cli.chaos.check.TopicReader")
                .and()
                .doNotHaveFullyQualifiedName("io.gpuctl.cli.chaos.fuzz.RecordFuzzer")
                .and()
                .haveNameNotMatching(
                        "io\\.gpuctl\\.(telemetry\\.runtime\\.PatientClients|orchestrator\\.runtime\\.CommitPace).*")
                .should()
                .callMethodWhere(settingsOfTheConnection())
                .check(CLASSES);
    }

    private static DescribedPredicate<JavaClass> makeKafkaClients() {
        return DescribedPredicate.describe(
                "make Kafka clients",
                type -> type.getConstructorCallsFromSelf().stream()
                                .map(call -> call.getTargetOwner())
                                .anyMatch(owner -> owner.isAssignableTo(Producer.class)
                                        || owner.isAssignableTo(Consumer.class)
                                        || owner.isAssignableTo(KafkaStreams.class))
                        || type.getMethodCallsFromSelf().stream()
                                .anyMatch(call -> call.getTargetOwner().isAssignableTo(Admin.class)
                                        && call.getTarget().getName().equals("create")));
    }

    private static DescribedPredicate<JavaMethodCall> settingsOfTheConnection() {
        return DescribedPredicate.describe("takes the settings of the connection", call -> {
            String owner = call.getTargetOwner().getSimpleName();
            String method = call.getTarget().getName();
            return (owner.equals("KafkaConnection") && (method.equals("with") || method.equals("settings")))
                    || (owner.equals("KafkaClients") && method.equals("with"))
                    // StreamsSettings begins with a connection's settings.
                    || (owner.equals("StreamsSettings") && method.equals("of"));
        });
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "io.gpuctl.cli.chaos.check",
                "io.gpuctl.events",
                "io.gpuctl.events.form",
                "io.gpuctl.broker",
                "io.gpuctl.simulator.host",
                "io.gpuctl.simulator.model",
                "io.gpuctl.simulator.faults",
                "io.gpuctl.simulator.random",
                "io.gpuctl.simulator.runtime",
                "io.gpuctl.orchestrator.core",
                "io.gpuctl.orchestrator.policy",
                "io.gpuctl.orchestrator.queue",
                "io.gpuctl.orchestrator.runtime",
                "io.gpuctl.telemetry.conditions",
                "io.gpuctl.telemetry.views",
                "io.gpuctl.telemetry.runtime",
                "io.gpuctl.audit.log",
                "io.gpuctl.audit.redo",
                "io.gpuctl.audit.rules",
                "io.gpuctl.experiments.engine",
                "io.gpuctl.experiments",
                "io.gpuctl.api",
                "io.gpuctl.cli"
            })
    void seesTheClassesOf(String packageName) {
        assertThat(CLASSES.that(resideInAPackage(packageName + ".."))).isNotEmpty();
    }

    /** The rules detect every offence: a fixture in a package that looks like a core has one offence in each method. */
    @Test
    void catchesEveryOffenceOfTheFixture() {
        var fixture = new ClassFileImporter().importClasses(Impure.class);

        var report = PURE_CORE_KNOWS_NO_OUTSIDE.evaluate(fixture).getFailureReport() + "\n"
                + PURE_CORE_IS_DETERMINISTIC.evaluate(fixture).getFailureReport();

        for (var method : Impure.class.getDeclaredMethods()) {
            if (method.isSynthetic()) {
                continue;
            }
            if (method.getName().startsWith("allowed")) {
                assertThat(report).doesNotContain("." + method.getName() + "(");
            } else {
                assertThat(report).contains("." + method.getName() + "(");
            }
        }
    }
}
