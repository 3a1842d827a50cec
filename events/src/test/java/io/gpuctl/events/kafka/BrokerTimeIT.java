package io.gpuctl.events.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.gpuctl.broker.EmbeddedBroker;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BrokerTimeIT {
    @TempDir
    Path directory;

    @Test
    void isTheBrokers() throws Exception {
        try (EmbeddedBroker broker = EmbeddedBroker.start(EmbeddedBroker.Config.in(directory))) {
            try (Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()))) {
                TopicSetup.ensureTopics(admin);
            }
            try (BrokerTime time = BrokerTime.start(KafkaConnection.of(broker.bootstrapServers()), "test")) {
                assertThat(time.await(Duration.ofSeconds(30))).isTrue();

                // The broker is in this process and has the same clock.
                assertThat(time.nowMs()).isCloseTo(System.currentTimeMillis(), within(5_000L));
            }
        }
    }
}
