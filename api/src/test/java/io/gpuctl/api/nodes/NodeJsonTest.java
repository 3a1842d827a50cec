package io.gpuctl.api.nodes;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import io.gpuctl.api.answer.JsonRenderer;
import io.gpuctl.events.CordonCause;
import io.gpuctl.events.NodeId;
import io.gpuctl.events.NodeInventory;
import io.gpuctl.events.NodeState;
import io.gpuctl.events.NodeTelemetry;
import io.gpuctl.events.PoolId;
import io.gpuctl.telemetry.views.NodeUpkeep;
import io.gpuctl.telemetry.views.NodeView;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Whatever was rendered before, the JSON is that of the node at this moment. */
class NodeJsonTest {

    private static final PoolId POOL = new PoolId("p");
    private static final NodeId ID = new NodeId("n1");
    private static final long AT_MS = 100_000;
    private static final NodeUpkeep CORDONED = new NodeUpkeep(
            new TreeMap<>(),
            new NodeUpkeep.Cordon(CordonCause.OPERATOR, false, "\"age_seconds\":1, é", AT_MS, 0, false),
            0,
            new TreeMap<>());

    private final ObjectMapper mapper = JsonMapper.builder()
            .addModule(new JavaTimeModule())
            .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
            .build();
    private final NodeJson json = new NodeJson(new JsonRenderer(mapper));

    private static NodeView node(NodeState state, NodeUpkeep upkeep) {
        return new NodeView(
                new NodeInventory(ID, POOL, "A100", 8, 81_920, 128_000, 1_048_576, 60, 400, 25, 85),
                1,
                state,
                0,
                AT_MS,
                List.of(),
                null,
                null,
                upkeep);
    }

    private static NodeTelemetry sample(long atMs, double utilization) {
        return new NodeTelemetry(ID, POOL, atMs, List.of(new NodeTelemetry.Gpu(utilization, 0, 366, 60, 1_410, false)));
    }

    private static Moment at(long nowMs) {
        return new Moment(nowMs, 1, Map.of());
    }

    private void isThatOf(NodeView view, NodeTelemetry sample, long nowMs) throws JsonProcessingException {
        assertThat(new String(json.of(view, sample, at(nowMs)).utf8(), StandardCharsets.UTF_8))
                .isEqualTo(mapper.writeValueAsString(Node.of(view, sample, false, at(nowMs))));
    }

    @Test
    void followsTheAgeOfTheMeasurements() throws Exception {
        var up = node(NodeState.UP, NodeUpkeep.NONE);
        for (long ageMs : List.of(0, 1, 40, 999, 1_000, 5_000, 5_001, 123_456)) {
            isThatOf(up, sample(AT_MS, 0.5), AT_MS + ageMs);
        }
        isThatOf(up, sample(AT_MS, 0.5), AT_MS - 10);
    }

    @Test
    void followsTheMeasurements() throws Exception {
        var up = node(NodeState.UP, NodeUpkeep.NONE);
        isThatOf(up, sample(AT_MS, 0.5), AT_MS);
        isThatOf(up, sample(AT_MS, 0.75), AT_MS);
        isThatOf(up, sample(AT_MS + 1, 0.75), AT_MS);
        isThatOf(up, null, AT_MS);
    }

    @Test
    void followsTheNode() throws Exception {
        for (var state : NodeState.values()) {
            isThatOf(node(state, NodeUpkeep.NONE), sample(AT_MS, 0.5), AT_MS + 10);
            isThatOf(node(state, CORDONED), sample(AT_MS, 0.5), AT_MS + 20);
        }
    }
}
