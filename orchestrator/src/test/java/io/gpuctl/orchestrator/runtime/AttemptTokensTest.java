package io.gpuctl.orchestrator.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import io.gpuctl.events.AttemptId;
import io.gpuctl.events.Cause;
import io.gpuctl.events.GpuRequest;
import io.gpuctl.events.NodeCommand;
import io.gpuctl.events.NodeEvent;
import io.gpuctl.events.NodeId;
import io.gpuctl.events.NodeInventory;
import io.gpuctl.events.PolicySpec;
import io.gpuctl.events.PoolId;
import io.gpuctl.events.PoolSettings;
import io.gpuctl.events.TaskCommand;
import io.gpuctl.events.TaskId;
import io.gpuctl.events.TaskReport;
import io.gpuctl.events.TaskSpec;
import io.gpuctl.events.Work;
import io.gpuctl.orchestrator.core.Decision;
import io.gpuctl.orchestrator.core.PoolOrchestrator;
import io.gpuctl.orchestrator.core.PoolState;
import io.gpuctl.orchestrator.policy.Policies;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.processor.api.MockProcessorContext;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.Stores;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class AttemptTokensTest {
    private static final PoolId POOL = PoolId.DEFAULT;
    private static final NodeId NODE = new NodeId("n0");

    private final MockProcessorContext<String, byte[]> context = new MockProcessorContext<>();
    private final KeyValueStore<String, byte[]> store = Stores.keyValueStoreBuilder(
                    Stores.inMemoryKeyValueStore("state"), Serdes.String(), Serdes.ByteArray())
            .withLoggingDisabled()
            .build();
    private final PoolOrchestrator orchestrator = new PoolOrchestrator(
            new PoolState(POOL), "test", PoolSettings.withPolicy(PolicySpec.named("fifo")), Policies::create);
    private long offset;

    @BeforeEach
    void register() {
        store.init(context.getStateStoreContext(), store);
        var inventory = new NodeInventory(NODE, POOL, "A100", 8, 81_920, 64_000, 524_288, 60, 400, 25, 85);
        orchestrator.on(new NodeEvent.Registered(inventory, 1, 1), cause("node-events"));
    }

    private Cause cause(String topic) {
        return new Cause(topic, 0, offset++);
    }

    private Decision submit(String task) {
        TaskSpec spec = TaskSpec.of(new TaskId(task), GpuRequest.whole(2, 1024), Work.lasting(1000));
        return orchestrator.on(new TaskCommand.SubmitTask(spec, 2), cause("task-commands"));
    }

    private AttemptTokens tokens() {
        return new AttemptTokens(store, orchestrator.state());
    }

    private NodeCommand proven(AttemptTokens tokens, Decision decision) {
        return tokens.proven(decision.commands().getFirst(), orchestrator.state(), decision.commands());
    }

    private boolean isBelieved(AttemptTokens tokens, String task, String token) {
        var source = new TaskReport.Source(POOL, NODE, 1, token);
        var report = new TaskReport.Completed(source, new AttemptId(new TaskId(task), 1), 3);
        return tokens.whyNot(report, orchestrator.state()).isEmpty();
    }

    @Test
    void anInstanceThatTakesOverKnowsThem() {
        String token = proven(tokens(), submit("a")).token();

        assertThat(token).hasSize(22);
        assertThat(isBelieved(tokens(), "a", token)).isTrue();
        assertThat(isBelieved(tokens(), "a", "")).isFalse();
    }

    @Test
    void eachAttemptHasItsOwn() {
        var tokens = tokens();
        String ofA = proven(tokens, submit("a")).token();
        String ofB = proven(tokens, submit("b")).token();

        assertThat(isBelieved(tokens, "b", ofA)).isFalse();
        assertThat(isBelieved(tokens, "b", ofB)).isTrue();
    }

    @Test
    void attemptsThatWerePlacedBeforeThereWereTokensReportWithoutOne() {
        submit("old");
        assertThat(isBelieved(tokens(), "old", "")).as("no token was given yet").isTrue();
        proven(tokens(), submit("new"));

        for (int takeover = 0; takeover < 2; takeover++) {
            assertThat(isBelieved(tokens(), "old", "")).isTrue();
            assertThat(isBelieved(tokens(), "new", "")).isFalse();
        }
    }

    @Test
    void itIsForgottenWhichWerePlacedWithoutOnceTheyAreOver() {
        submit("old");
        proven(tokens(), submit("new"));
        long before = store.approximateNumEntries();
        orchestrator.on(
                new TaskReport.Completed(new TaskReport.Source(POOL, NODE, 1), new AttemptId(new TaskId("old"), 1), 3),
                cause("task-reports"));

        tokens();

        assertThat(store.approximateNumEntries()).isEqualTo(before - 1);
    }

    @Test
    void whatNobodyRunsNeedsNone() {
        proven(tokens(), submit("a"));

        assertThat(isBelieved(tokens(), "unknown", "")).isTrue();
    }
}
