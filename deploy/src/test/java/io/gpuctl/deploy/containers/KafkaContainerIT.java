package io.gpuctl.deploy.containers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.gpuctl.cli.chaos.client.ApiClient;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.Network;
import org.testcontainers.kafka.KafkaContainer;
import org.testcontainers.lifecycle.Startables;

/** Follows a task from its submission to its end on an external broker, with each service in a container of its own. */
@NeedsDocker
class KafkaContainerIT {
    private static final int API_PORT = 8080;
    private static final String BROKER = "broker:19092";
    private static final Duration LIMIT = Duration.ofMinutes(3);

    @Test
    void aTaskGoesThroughServicesInContainersOnABrokerInAContainer() {
        try (Network network = ContainerRun.newNetwork();
                KafkaContainer kafka = ContainerRun.ownKafka(new KafkaContainer(ContainerRun.kafka()))
                        .withNetwork(network)
                        .withListener(BROKER);
                GenericContainer<?> orchestrator = service(network, "orchestrator");
                GenericContainer<?> simulator = service(network, "simulator", "--nodes", "1", "--gpus-per-node", "2");
                GenericContainer<?> cluster = service(network, "api").withExposedPorts(API_PORT)) {
            kafka.start();
            Startables.deepStart(List.of(orchestrator, simulator, cluster)).join();

            try (var api = new ApiClient(URI.create("http://127.0.0.1:" + cluster.getMappedPort(API_PORT)))) {
                assertThat(api.post("/tasks", "{\"task_id\":\"pair\",\"gpus\":2,\"duration_ms\":500}")
                                .status())
                        .isEqualTo(201);
                await("the task completes")
                        .atMost(LIMIT)
                        .untilAsserted(() -> assertThat(api.get("/tasks/pair")
                                        .json()
                                        .path("state")
                                        .asText())
                                .isEqualTo("completed"));
                assertThat(api.get("/tasks/pair").json().path("attempt").asInt())
                        .isOne();
            }
        }
    }

    private static GenericContainer<?> service(Network network, String kind, String... more) {
        String[] command = new String[2 + more.length];
        command[0] = "run";
        command[1] = kind;
        System.arraycopy(more, 0, command, 2, more.length);
        return ContainerRun.newGpuctl()
                .withNetwork(network)
                .withEnv("GPUCTL_KAFKA", BROKER)
                .withEnv("GPUCTL_INSTANCE", kind)
                .withCommand(command)
                .waitingFor(new UntilHealthy())
                .withStartupTimeout(LIMIT);
    }
}
