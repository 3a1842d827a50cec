package io.gpuctl.deploy.containers;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.github.dockerjava.api.command.InspectImageResponse;
import com.github.dockerjava.api.command.WaitContainerResultCallback;
import com.github.dockerjava.api.model.Bind;
import com.github.dockerjava.api.model.Capability;
import io.gpuctl.cli.chaos.client.ApiClient;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.testcontainers.containers.GenericContainer;

/** Runs the image as a user does: {@code docker run --read-only --tmpfs /tmp --volume gpuctl:/data gpuctl up}. */
@NeedsDocker
class ImageIT {
    private static final int API_PORT = 8080;
    private static final long SIZE_MAX = 230_000_000;
    private static final int STOP_SECONDS_MAX = 60;

    private final String volume = "gpuctl-test-" + UUID.randomUUID();

    @AfterEach
    void removeTheVolume() {
        ContainerRun.docker().removeVolumeCmd(volume).exec();
    }

    @Test
    void aClusterInAReadOnlyContainerStopsInOrderAndContinuesFromItsVolume() throws IOException {
        try (GenericContainer<?> first = newCluster()) {
            first.start();
            try (var api = api(first)) {
                assertThat(api.post("/tasks", "{\"task_id\":\"kept\",\"gpus\":1,\"duration_ms\":1}")
                                .status())
                        .isEqualTo(201);
            }

            assertThat(stop(first)).isZero();
        }
        try (GenericContainer<?> second = newCluster()) {
            second.start();

            try (var api = api(second)) {
                JsonNode task = api.get("/tasks/kept").json();
                assertThat(task.path("task_id").asText()).isEqualTo("kept");
            }
            assertThat(execute(second, "id", "-u")).isEqualTo("10001");
            assertThat(execute(second, "stat", "-c", "%a %u", "/data")).isEqualTo("700 10001");
            // Half of the container's memory limit: the launcher has detected the limit.
            assertThat(execute(second, "cat", "/proc/1/cmdline")).contains("-Xmx512m");
        }
    }

    @Test
    void theImageIsSmallAndSaysWhatItIs() {
        InspectImageResponse image = ContainerRun.docker()
                .inspectImageCmd(ContainerRun.gpuctl().asCanonicalNameString())
                .exec();

        assertThat(image.getSize()).isLessThan(SIZE_MAX);
        assertThat(image.getConfig().getUser()).isEqualTo("10001:10001");
        assertThat(image.getConfig().getLabels())
                .containsEntry("org.opencontainers.image.title", "gpuctl")
                .containsEntry("org.opencontainers.image.licenses", "MIT");
        // The volume of the other test.
        ContainerRun.docker().createVolumeCmd().withName(volume).exec();
    }

    private GenericContainer<?> newCluster() {
        GenericContainer<?> cluster = ContainerRun.newGpuctl()
                .withCommand("up", "--nodes", "2")
                .withExposedPorts(API_PORT)
                .waitingFor(new UntilHealthy())
                .withStartupTimeout(Duration.ofMinutes(4));
        return cluster.withCreateContainerCmdModifier(create -> create.getHostConfig()
                .withReadonlyRootfs(true)
                .withTmpFs(Map.of("/tmp", ""))
                .withCapDrop(Capability.ALL)
                .withMemory(1L << 30)
                .withBinds(Bind.parse(volume + ":/data")));
    }

    private static ApiClient api(GenericContainer<?> cluster) {
        return new ApiClient(URI.create("http://127.0.0.1:" + cluster.getMappedPort(API_PORT)));
    }

    private static int stop(GenericContainer<?> cluster) throws IOException {
        ContainerRun.docker()
                .stopContainerCmd(cluster.getContainerId())
                .withTimeout(STOP_SECONDS_MAX)
                .exec();
        try (var end = ContainerRun.docker()
                .waitContainerCmd(cluster.getContainerId())
                .exec(new WaitContainerResultCallback())) {
            return end.awaitStatusCode(STOP_SECONDS_MAX, TimeUnit.SECONDS);
        }
    }

    private static String execute(GenericContainer<?> container, String... command) throws IOException {
        try {
            return container.execInContainer(command).getStdout().strip();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
    }
}
