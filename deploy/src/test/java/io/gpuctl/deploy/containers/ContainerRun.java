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
 * What all containers of this JVM have in common: the images, made by {@code deploy/images/build}, and a label by which the next
 * JVM finds and removes what one that was killed has left behind.
 */
final class ContainerRun {
    private static final String LABEL = "io.gpuctl.test";
    private static final String OWNER = Long.toString(ProcessHandle.current().pid());
    private static final int RUN_MINUTES_MAX = 10;

    /** Eight JVMs start on two cores: the second compiler would take most of that, in each of them, for minutes. */
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

    /** With options of Docker's driver "local". Whoever makes it removes it; so does the next run. */
    static void newVolume(String name, Map<String, String> options) {
        prepare();
        docker().createVolumeCmd()
                .withName(name)
                .withDriver("local")
                .withDriverOpts(options)
                .withLabels(Map.of(LABEL, OWNER))
                .exec();
    }

    /** A container of gpuctl that belongs to this run, not started. */
    static GenericContainer<?> newGpuctl() {
        return own(new GenericContainer<>(gpuctl()).withEnv("GPUCTL_JAVA_OPTS", ONE_COMPILER));
    }

    /** Has a container of Kafka that is not started belong to this run. */
    static <T extends GenericContainer<?>> T ownKafka(T container) {
        container.addEnv("KAFKA_JVM_PERFORMANCE_OPTS", "-XX:+UseSerialGC " + ONE_COMPILER);
        return own(container);
    }

    /** Makes a container that is not started one of this run. */
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

    /** What was packed in this build becomes an image. Base and Kafka do not change with it. */
    private static void buildImages() {
        run(ROOT.resolve("deploy/images/build").toString(), "--if-missing", "base", "gpuctl", "kafka");
    }

    /** Runs a program of the repository to its end; throws if it fails. What it says goes where this JVM's output goes. */
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

    /** Its JVM runs no longer. */
    private static boolean isOrphan(Map<String, String> labels) {
        return ProcessHandle.of(Long.parseLong(labels.getOrDefault(LABEL, "0"))).isEmpty();
    }

    /** Another run may clean up at the same time. */
    private static void ignoreMissing(Runnable removal) {
        try {
            removal.run();
        } catch (NotFoundException e) {
            // It is gone, as it should be.
        }
    }
}
