package io.gpuctl.orchestrator.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import io.gpuctl.events.ClusterClock;
import io.gpuctl.events.PolicySpec;
import io.gpuctl.events.PoolSettings;
import io.gpuctl.events.kafka.KafkaConnection;
import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class OrchestratorTopologyTest {
    /** Topics and transactions are named after operators and stores: a changed name would lose state. */
    @Test
    void isTheOneThatClustersRunOn() throws IOException {
        OrchestratorConfig config = new OrchestratorConfig(
                KafkaConnection.of("localhost:1"),
                "test",
                Path.of("unused"),
                ClusterClock.wall(),
                PoolSettings.withPolicy(PolicySpec.named("fifo")),
                0);

        String description = OrchestratorTopology.build(
                        config, new CommitPace(), new SchedulerMetrics(new CompositeMeterRegistry(), config.clock()))
                .describe()
                .toString();

        try (InputStream golden = getClass().getResourceAsStream("/orchestrator-topology.txt")) {
            assertThat(golden).isNotNull();
            assertThat(description).isEqualTo(new String(golden.readAllBytes(), StandardCharsets.UTF_8));
        }
    }
}
