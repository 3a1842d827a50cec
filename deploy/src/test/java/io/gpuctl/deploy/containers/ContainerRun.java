package io.gpuctl.deploy.containers;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.command.CreateContainerCmd;
import com.github.dockerjava.api.exception.NotFoundException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.Network;
import org.testcontainers.utility.DockerImageName;

/**
 * The common setup of all containers of this JVM: the images, built by {@code deploy/images/build}, and a label. With
 * the label, the next JVM finds and removes what a killed JVM has left behind.
 */
final class ContainerRun {
    private static final String LABEL = "io.gpuctl.test";
    private static final String OWNER = Long.toString(ProcessHandle.current().pid());
    private static final int RUN_MINUTES_MAX = 10;

    /** Eight JVMs start on two cores: the second compiler of each would take most of the CPU for minutes. */
    private static final String ONE_COMPILER = "-XX:TieredStopAtLevel=1";

    /** The root of the repository. */
    static final Path ROOT = Path.of(System.getProperty("maven.project.basedir", "."))
            .toAbsolutePath()
            .normalize()
            .getParent();

    private static boolean isPrepared;

    private ContainerRun() {}

    static DockerImageName gpuctl() {
        prepare();
        return DockerImageName.parse("gpuctl:latest");
    }

    static DockerImageName kafka() {
        prepare();
        return DockerImageName.parse("gpuctl-kafka:4.3.1").asCompatibleSubstituteFor("apache/kafka");
    }

    static DockerClient docker() {
        return DockerClientFactory.lazyClient();
    }

    static Network newNetwork() {
        prepare();
        return Network.builder()
                .createNetworkCmdModifier(create -> create.withLabels(Map.of(LABEL, OWNER)))
                .build();
    }

    /**
     * Creates a volume with options of Docker's driver "local". The caller removes the volume, or else the next run
     * does.
     */
    static void newVolume(String name, Map<String, String> options) {
        prepare();
        docker().createVolumeCmd()
                .withName(name)
                .withDriver("local")
                .withDriverOpts(options)
                .withLabels(Map.of(LABEL, OWNER))
                .exec();
    }

    /** Returns a new gpuctl container that belongs to this run, not started. */
    static GenericContainer<?> newGpuctl() {
        return own(new GenericContainer<>(gpuctl()).withEnv("GPUCTL_JAVA_OPTS", ONE_COMPILER));
    }

    /** Marks a Kafka container that is not started as belonging to this run. */
    static <T extends GenericContainer<?>> T ownKafka(T container) {
        container.addEnv("KAFKA_JVM_PERFORMANCE_OPTS", "-XX:+UseSerialGC " + ONE_COMPILER);
        return own(container);
    }

    /** Marks a container that is not started as belonging to this run. */
    static <T extends GenericContainer<?>> T own(T container) {
        container.withCreateContainerCmdModifier(ContainerRun::label);
        return container;
    }

    private static void label(CreateContainerCmd create) {
        Map<String, String> labels = new HashMap<>(create.getLabels());
        labels.put(LABEL, OWNER);
        create.withLabels(labels);
    }

    private static synchronized void prepare() {
        if (!isPrepared) {
            removeOrphans();
            buildImages();
            isPrepared = true;
        }
    }

    /** Builds the images from the packages of this build. The base and Kafka images do not depend on it. */
    private static void buildImages() {
        run(ROOT.resolve("deploy/images/build").toString(), "--if-missing", "base", "gpuctl", "kafka");
    }

    /** Runs a program of the repository to its end; throws if it fails. Its output goes to the output of this JVM. */
    static void run(String... command) {
        var program = new ProcessBuilder(command).inheritIO();
        program.environment().put("GPUCTL_NO_BUILD", "1");
        try {
            Process process = program.start();
            if (!process.waitFor(RUN_MINUTES_MAX, TimeUnit.MINUTES)) {
                process.destroy();
                throw new IllegalStateException(
                        "%s takes more than %d minutes".formatted(program.command(), RUN_MINUTES_MAX));
            }
            if (process.exitValue() != 0) {
                throw new IllegalStateException("%s failed, see above".formatted(program.command()));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static void removeOrphans() {
        docker().listContainersCmd().withShowAll(true).withLabelFilter(List.of(LABEL)).exec().stream()
                .filter(container -> isOrphan(container.getLabels()))
                .forEach(container -> ignoreMissing(() -> docker().removeContainerCmd(container.getId())
                        .withForce(true)
                        .withRemoveVolumes(true)
                        .exec()));
        docker().listNetworksCmd().withFilter("label", List.of(LABEL)).exec().stream()
                .filter(network -> isOrphan(network.getLabels()))
                .forEach(network -> ignoreMissing(
                        () -> docker().removeNetworkCmd(network.getId()).exec()));
        docker().listVolumesCmd().withFilter("label", List.of(LABEL)).exec().getVolumes().stream()
                .filter(volume -> isOrphan(volume.getLabels()))
                .forEach(volume -> ignoreMissing(
                        () -> docker().removeVolumeCmd(volume.getName()).exec()));
    }

    /** Returns whether the JVM of these labels has ended. */
    private static boolean isOrphan(Map<String, String> labels) {
        return ProcessHandle.of(Long.parseLong(labels.getOrDefault(LABEL, "0"))).isEmpty();
    }

    /** Ignores missing objects, since another run may clean up at the same time. */
    private static void ignoreMissing(Runnable removal) {
        try {
            removal.run();
        } catch (NotFoundException e) {
            // Removed already, as intended.
        }
    }
}
