package io.gpuctl.telemetry.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import io.gpuctl.events.NodeId;
import io.gpuctl.events.NodeTelemetry;
import io.gpuctl.events.PoolId;
import java.util.List;
import org.apache.kafka.common.serialization.Serde;
import org.junit.jupiter.api.Test;

class ViewSerdeTest {

    private static final String TOPIC = "t";

    private final Serde<NodeTelemetry> serde = ViewSerde.of(NodeTelemetry.class);

    private static NodeTelemetry sample(double utilization) {
        return new NodeTelemetry(
                new NodeId("n"),
                new PoolId("p"),
                1_000,
                List.of(new NodeTelemetry.Gpu(utilization, 0, 366, 60, 1_410, false)));
    }

    private NodeTelemetry read(byte[] bytes) {
        return serde.deserializer().deserialize(TOPIC, bytes);
    }

    private byte[] written(NodeTelemetry sample) {
        return serde.serializer().serialize(TOPIC, sample);
    }

    @Test
    void queriesThatReadTheSameBytesShareTheView() {
        var first = read(written(sample(0.5)));

        assertThat(first).isEqualTo(sample(0.5));
        assertThat(read(written(sample(0.5)))).isSameAs(first);
    }

    /** The two views have equally many bytes, and differ only behind the bytes that choose the slot. */
    @Test
    void aViewIsNeverThatOfOtherBytes() {
        for (double utilization : List.of(0.5, 0.6, 0.5, 0.6)) {
            assertThat(read(written(sample(utilization)))).isEqualTo(sample(utilization));
        }
    }

    @Test
    void anAbsentViewIsNull() {
        assertThat(read(null)).isNull();
    }
}
