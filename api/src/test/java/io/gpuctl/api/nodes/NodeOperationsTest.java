package io.gpuctl.api.nodes;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.gpuctl.api.problem.Problem;
import io.gpuctl.api.problem.ProblemException;
import io.gpuctl.events.FaultInjection;
import io.gpuctl.events.FaultKind;
import io.gpuctl.events.NodeId;
import io.gpuctl.events.NodeInventory;
import io.gpuctl.events.NodeState;
import io.gpuctl.events.PoolId;
import io.gpuctl.telemetry.views.NodeUpkeep;
import io.gpuctl.telemetry.views.NodeView;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NodeOperationsTest {

    private static final PoolId POOL = new PoolId("p");
    private static final NodeView NODE = new NodeView(
            new NodeInventory(new NodeId("n1"), POOL, "A100", 8, 81_920, 128_000, 1_048_576, 60, 400, 25, 85),
            1,
            NodeState.UP,
            0,
            0,
            List.of(),
            null,
            null,
            NodeUpkeep.NONE);

    private static FaultInjection fault(String body) {
        return NodeOperations.fault(body.getBytes(UTF_8), NODE, 9);
    }

    private static Problem problem(String body) {
        return catchThrowableOfType(ProblemException.class, () -> fault(body)).problem();
    }

    @Test
    void readsEveryField() {
        assertThat(fault("{\"kind\": \"xid\", \"xid\": 79, \"gpu\": 7, \"duration\": 1.5}"))
                .isEqualTo(new FaultInjection(POOL, new NodeId("n1"), FaultKind.XID, 79, 7, 1_500, 0, 9));
        assertThat(fault("{\"kind\": \"straggler\", \"factor\": 0.5}"))
                .isEqualTo(new FaultInjection(POOL, new NodeId("n1"), FaultKind.STRAGGLER, 0, -1, 0, 0.5, 9));
        assertThat(fault("{\"xid\": 48}").kind()).isEqualTo(FaultKind.XID);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"kind\": \"meteor\"} | kind",
                "{} | xid",
                "{\"xid\": 0} | xid",
                "{\"kind\": \"partition\", \"xid\": 79} | xid",
                "{\"xid\": 79, \"gpu\": 8} | gpu",
                "{\"xid\": 79, \"gpu\": 0.5} | gpu",
                "{\"xid\": 79, \"duration\": -1} | duration",
                "{\"xid\": 79, \"factor\": 0.5} | factor",
                "{\"kind\": \"straggler\", \"factor\": 1} | factor",
                "{\"xid\": 79, \"until\": 5} | until",
                "{\"xid\": 1000} | xid",
                "{\"kind\": \"partition\", \"gpu\": 0} | gpu",
                "{\"kind\": \"node_crash\", \"gpu\": 0} | gpu",
                "{\"xid\": 79, \"duration\": 0.0001} | duration"
            })
    void namesTheFieldThatIsWrong(String body, String field) {
        assertThat(problem(body).field()).isEqualTo(field);
        assertThat(problem(body).status()).isEqualTo(422);
    }

    @Test
    void aReasonMayBeMissing() {
        assertThat(NodeOperations.reason(new byte[0])).isEmpty();
        assertThat(NodeOperations.reason("{}".getBytes(UTF_8))).isEmpty();
        assertThat(NodeOperations.reason("{\"reason\": \"loud\"}".getBytes(UTF_8)))
                .isEqualTo("loud");
    }

    @Test
    void aReasonHasALimit() {
        byte[] body = "{\"reason\": \"%s\"}".formatted("x".repeat(513)).getBytes(UTF_8);

        assertThat(catchThrowableOfType(ProblemException.class, () -> NodeOperations.reason(body))
                        .problem()
                        .field())
                .isEqualTo("reason");
    }
}
