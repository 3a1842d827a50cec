package io.gpuctl.events.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gpuctl.events.DcgmField;
import io.gpuctl.events.NodeId;
import io.gpuctl.events.NodeTelemetry;
import io.gpuctl.events.PoolId;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.apache.kafka.common.errors.SerializationException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The properties of telemetry in JSON that {@link GoldenFilesTest} does not cover. */
class NodeTelemetryJsonTest {
    @Test
    void readsWhatWasWrittenBefore() throws IOException {
        var old = new NodeTelemetry.Gpu(0.75, 40_960, 301.5, 71.25, 1_410, true);
        try (var golden = NodeTelemetryJsonTest.class.getResourceAsStream("/golden/gpu-telemetry.json")) {
            assertThat(read(new String(golden.readAllBytes(), StandardCharsets.UTF_8)))
                    .isEqualTo(new NodeTelemetry(new NodeId("n1"), new PoolId("research"), 1_016, List.of(old)));
        }
        assertThat(old.throttled()).isTrue();
    }

    @Test
    void leavesOutWhatIsZero() {
        var idle = new NodeTelemetry.Gpu(0, 0, 60, 34.567, 210, false);

        assertThat(write(telemetry(idle, idle)))
                .isEqualTo("{\"node_id\":\"n1\",\"pool\":\"p\",\"at_ms\":5,\"gpu_util\":[0,0],"
                        + "\"power_usage\":[60,60],\"gpu_temp\":[34.57,34.57],\"sm_clock\":[210,210]}");
    }

    @Test
    void isReadAsItWasWrittenWithoutGpus() {
        assertThat(read(write(telemetry()))).isEqualTo(telemetry());
    }

    @Test
    void saysHowOftenANodeMeasuresIfNotOnceASecond() {
        var rare = telemetry().every(8_000);

        assertThat(write(rare))
                .isEqualTo("{\"node_id\":\"n1\",\"pool\":\"p\",\"at_ms\":5,\"interval_ms\":8000,\"gpu_util\":[]}");
        assertThat(read(write(rare))).isEqualTo(rare);
        assertThat(rare.currentFor()).hasSeconds(24);
        assertThat(telemetry().currentFor()).hasSeconds(5);
    }

    @Test
    void namesFieldsAsDcgmDoes() {
        assertThat(Arrays.stream(DcgmField.values()))
                .allSatisfy(field -> assertThat(field.dcgmId())
                        .matches("DCGM_FI_(DEV|PROF)_" + field.jsonName().toUpperCase(java.util.Locale.ROOT)));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{'node_id':'n1','pool':'p','gpu_util':[1],'gpu_temp':[1,2]} | gpu_temp is 2 entries long",
                "{'node_id':'n1','pool':'p','gpu_temp':[1]} | gpu_util is missing",
                "{'node_id':'n1','pool':'p','gpu_util':[101]} | utilization is 1.01",
                "{'node_id':'n1','pool':'p','gpu_util':['1']} | gpu_util is 1, but must be a list of numbers",
                "{'node_id':'n1','pool':'p','gpu_util':7} | gpu_util is 7, but must be a list of numbers",
                "{'node_id':'n1','pool':'p','gpu_util':[1],'fb_used':[0.5]} | fb_used is 0.5, but must be a whole",
                "{'node_id':1,'pool':'p','gpu_util':[1]} | node_id is 1, but must be a text",
                "{'node_id':'n1','pool':'p','at_ms':'1','gpu_util':[1]} | at_ms is 1, but must be a whole number",
                "{'node_id':'n1','pool':'p','gpus':[{'utilization':2}]} | utilization is 2.0",
                "{'node_id':'n1','pool':'p','interval_ms':999,'gpu_util':[1]} | interval_ms is 999, but must be a number from 1000",
                "{'node_id':'n1','pool':'p','interval_ms':60001,'gpu_util':[1]} | interval_ms is 60001",
                "{'node_id':'n1','pool':'p','interval_ms':'x','gpu_util':[1]} | interval_ms is x, but must be a whole",
                "[] | telemetry is a JSON object",
            })
    void saysWhatIsWrong(String json, String problem) {
        assertThatThrownBy(() -> read(json.replace('\'', '"')))
                .isInstanceOf(SerializationException.class)
                .hasMessageContaining(problem);
    }

    private static NodeTelemetry telemetry(NodeTelemetry.Gpu... gpus) {
        return new NodeTelemetry(new NodeId("n1"), new PoolId("p"), 5, List.of(gpus));
    }

    private static NodeTelemetry read(String json) {
        var topic = Topics.GPU_TELEMETRY;
        return topic.deserializer().deserialize(topic.name(), json.getBytes(StandardCharsets.UTF_8));
    }

    private static String write(NodeTelemetry telemetry) {
        var topic = Topics.GPU_TELEMETRY;
        return new String(topic.serializer().serialize(topic.name(), telemetry), StandardCharsets.UTF_8);
    }
}
