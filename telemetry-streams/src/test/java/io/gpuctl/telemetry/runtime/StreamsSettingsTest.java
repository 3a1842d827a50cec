package io.gpuctl.telemetry.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import io.gpuctl.events.ClusterClock;
import io.gpuctl.events.kafka.KafkaConnection;
import io.gpuctl.events.kafka.Replication;
import java.nio.file.Path;
import java.util.Map;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.StreamsConfig;
import org.junit.jupiter.api.Test;

class StreamsSettingsTest {
    /** If an abort gave up earlier, the views would lose everything older than the loss of a broker. */
    @Test
    void anAbortOutlastsWhatIsOnItsWayToABroker() {
        var views = new ViewsConfig(
                KafkaConnection.of("localhost:9092"), "one", "localhost", 1, Path.of("state"), 1, ClusterClock.wall());
        Map<String, Object> settings = new StreamsConfig(
                        StreamsSettings.of(views, new CommandsSeen(Runnable::run), new Replication(3, 2)))
                .getProducerConfigs("views");
        settings.put(ProducerConfig.KEY_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class);
        settings.put(ProducerConfig.VALUE_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class);

        var producer = new ProducerConfig(settings);

        assertThat(PatientClients.PATIENCE.toMillis())
                .isGreaterThan(producer.getInt(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG));
    }
}
