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
    private static final int BUILD_MINUTES_MAX = 10;

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

    /** A container of gpuctl that belongs to this run, not started. */
    static GenericContainer<?> newGpuctl() {
        return own(new GenericContainer<>(gpuctl()));
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
        var build = new ProcessBuilder(
                ROOT.resolve("deploy/images/build").toString(), "--if-missing", "base", "gpuctl", "kafka");
        build.environment().put("GPUCTL_NO_BUILD", "1");
        try {
            Process process = build.inheritIO().start();
            if (!process.waitFor(BUILD_MINUTES_MAX, TimeUnit.MINUTES)) {
                process.destroy();
                throw new IllegalStateException(
                        "%s takes more than %d minutes".formatted(build.command(), BUILD_MINUTES_MAX));
            }
            if (process.exitValue() != 0) {
                throw new IllegalStateException("%s failed, see above".formatted(build.command()));
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
