package io.gpuctl.orchestrator.core;

import static io.gpuctl.orchestrator.core.PoolFixture.attempt;
import static io.gpuctl.orchestrator.core.PoolFixture.inventory;
import static io.gpuctl.orchestrator.core.PoolFixture.task;
import static org.assertj.core.api.Assertions.assertThat;

import io.gpuctl.events.Allocation;
import io.gpuctl.events.GpuRequest;
import io.gpuctl.events.NodeInventory;
import io.gpuctl.events.PendingReason.Code;
import io.gpuctl.events.Shape;
import java.util.List;
import org.junit.jupiter.api.Test;

class FullNodeTest {
    private static final Shape NOTHING = Shape.of(task("t", GpuRequest.NONE));

    /** The limit exists because every heartbeat lists all attempts. */
    @Test
    void takesNoMoreAttemptsThanANodeMayHoweverLittleTheyAskFor() {
        Node node = new Node(inventory("n", 1), 1);
        Allocation nothing = new Allocation(node.id(), 1, List.of(), 0, 0, 0, 0);

        for (int number = 1; number <= NodeInventory.MAX_ATTEMPTS; number++) {
            assertThat(Fit.obstacle(node, NOTHING)).isNull();
            node.hold(attempt("t", number), nothing);
        }

        assertThat(Fit.obstacle(node, NOTHING)).isEqualTo(Code.TOO_MANY_TASKS);
        assertThat(node.hasRoomFor(nothing)).isFalse();
        node.release(attempt("t", 1));
        assertThat(Fit.obstacle(node, NOTHING)).isNull();
    }
}
