package io.gpuctl.orchestrator.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gpuctl.events.AttemptId;
import io.gpuctl.events.Cause;
import io.gpuctl.events.ClusterEvent;
import io.gpuctl.events.Fact;
import io.gpuctl.events.GpuRequest;
import io.gpuctl.events.NewerLogError;
import io.gpuctl.events.NodeEvent;
import io.gpuctl.events.NodeId;
import io.gpuctl.events.NodeInventory;
import io.gpuctl.events.PolicySpec;
import io.gpuctl.events.PoolId;
import io.gpuctl.events.PoolSettings;
import io.gpuctl.events.ReaderVersion;
import io.gpuctl.events.TaskCommand;
import io.gpuctl.events.TaskId;
import io.gpuctl.events.TaskReport;
import io.gpuctl.events.TaskSpec;
import io.gpuctl.events.Work;
import io.gpuctl.events.kafka.EventJson;
import io.gpuctl.orchestrator.core.Decision;
import io.gpuctl.orchestrator.core.PoolOrchestrator;
import io.gpuctl.orchestrator.core.PoolState;
import io.gpuctl.orchestrator.core.StateEntries;
import io.gpuctl.orchestrator.policy.Policies;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.processor.api.MockProcessorContext;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.Stores;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class StateRepositoryTest {
    private static final PoolId POOL = new PoolId("p");
    private static final TaskId GANG = new TaskId("g");
    private static final AttemptId ATTEMPT = new AttemptId(GANG, 1);
    private static final int NODES = 3;

    private final KeyValueStore<String, byte[]> store = Stores.keyValueStoreBuilder(
                    Stores.inMemoryKeyValueStore("state"), Serdes.String(), Serdes.ByteArray())
            .withLoggingDisabled()
            .withCachingDisabled()
            .build();
    private final PoolOrchestrator orchestrator = new PoolOrchestrator(
            new PoolState(POOL), "one", PoolSettings.withPolicy(PolicySpec.named("fifo")), Policies::create);
    private StateRepository repository;
    private long nowMs;

    @BeforeEach
    void openStore() {
        var context = new MockProcessorContext<Void, Void>();
        store.init(context.getStateStoreContext(), store);
        repository = new StateRepository(store);
        for (int i = 0; i < NODES; i++) {
            var inventory = new NodeInventory(node(i), POOL, "A100", 1, 1024, 1000, 1024, 60, 400, 25, 85);
            save(orchestrator.on(new NodeEvent.Registered(inventory, 1, ++nowMs), Cause.TIMER));
        }
        TaskSpec spec = TaskSpec.of(GANG, GpuRequest.whole(NODES, 0), Work.lasting(1000));
        TaskSpec gang =
                new TaskSpec(GANG, POOL, "u", spec.priority(), spec.gpus(), NODES, 0, 0, List.of(), 3, spec.work());
        save(orchestrator.on(new TaskCommand.SubmitTask(gang, ++nowMs), Cause.TIMER));
    }

    private static NodeId node(int number) {
        return new NodeId("n" + number);
    }

    private void save(Decision decision) {
        assertThat(decision.facts()).isNotEmpty();
        repository.save(orchestrator.state().drainChanges());
        assertThat(new StateRepository(store).load())
                .singleElement()
                .satisfies(restored -> assertThat(restored.snapshot())
                        .isEqualTo(orchestrator.state().snapshot()));
    }

    private void report(TaskReport report) {
        save(orchestrator.on(report, Cause.TIMER));
    }

    private static TaskReport.Source source(int number) {
        return new TaskReport.Source(POOL, node(number), 1);
    }

    /** Returns the keys that were written or deleted since. */
    private Set<String> changedSince(Map<String, String> before) {
        Map<String, String> now = entries();
        Set<String> changed = new TreeSet<>(before.keySet());
        changed.addAll(now.keySet());
        changed.removeIf(key -> now.containsKey(key) && now.get(key).equals(before.get(key)));
        return changed;
    }

    private Map<String, String> entries() {
        Map<String, String> entries = new TreeMap<>();
        try (var all = store.all()) {
            all.forEachRemaining(entry -> entries.put(entry.key, new String(entry.value, StandardCharsets.UTF_8)));
        }
        return entries;
    }

    /** The newer program may have stored unreadable entries; the error must name the version, not these entries. */
    @Test
    void whatANewerProgramStoredIsNotLoaded() {
        String header = new String(store.get(StateEntries.header(POOL)), StandardCharsets.UTF_8);
        store.put(
                StateEntries.header(POOL),
                header.replaceFirst("}$", ",\"reader_version\":1000}").getBytes(StandardCharsets.UTF_8));
        store.put(StateEntries.node(POOL, node(0)), "{\"state\":\"from the future\"}".getBytes(StandardCharsets.UTF_8));
        store.put("p/from-the-future/x", "{}".getBytes(StandardCharsets.UTF_8));

        assertThatThrownBy(() -> new StateRepository(store).load()).isInstanceOf(NewerLogError.class);
    }

    @Test
    void theHeaderSaysWhatAReaderOfTheFactsMustKnow() {
        var needed = new ReaderVersion(1_000);
        var state = new PoolState(POOL);

        state.apply(new Fact(POOL, 1, 0, Cause.TIMER, new ClusterEvent.OrchestratorStarted(POOL, "newer", needed)));
        state.apply(new Fact(
                POOL, 2, 0, Cause.TIMER, new ClusterEvent.OrchestratorStarted(POOL, "older", ReaderVersion.FIRST)));
        repository.save(state.drainChanges());

        assertThat(state.snapshot().header().readerVersion()).isEqualTo(needed);
        assertThat(entries().get(StateEntries.header(POOL))).contains("\"reader_version\":1000");
    }

    @Test
    void writesOfAGangTheMemberThatHasChanged() {
        Map<String, String> before = entries();

        report(new TaskReport.Started(source(1), ATTEMPT, ++nowMs));

        assertThat(changedSince(before)).containsExactly("p/part/g/0001", "p/pool");
        assertThat(entries().get("p/task/g")).contains("\"allocations\":[]").contains("\"members\":[]");
    }

    @Test
    void deletesThePartsOfAGangThatHasEnded() {
        for (int i = 0; i < NODES; i++) {
            report(new TaskReport.Completed(source(i), ATTEMPT, ++nowMs));
        }

        assertThat(orchestrator.state().task(GANG)).isNull();
        assertThat(entries().keySet())
                .noneMatch(key -> key.startsWith("p/part/") || key.startsWith("p/task/"))
                .contains("p/finished/g");
    }

    /** The attempt has ended, but the nodes have not reported so, and may still run it. */
    @Test
    void writesWhatANodeHoldsOnceAndDeletesItWhenItIsFree() {
        report(new TaskReport.Failed(source(0), ATTEMPT, 1, "", ++nowMs));
        assertThat(entries()).containsKeys("p/hold/n1/g#0000000001", "p/hold/n2/g#0000000001");
        Map<String, String> before = entries();

        report(new TaskReport.Stopped(source(1), ATTEMPT, 0, ++nowMs));

        assertThat(changedSince(before)).contains("p/hold/n1/g#0000000001").doesNotContain("p/hold/n2/g#0000000001");
        assertThat(entries()).doesNotContainKey("p/hold/n1/g#0000000001");
    }

    @Test
    void writesTheSettingsOnceAndNotWithEachDecision() {
        assertThat(entries().get("p/settings")).contains("fifo");
        assertThat(entries().get("p/pool")).doesNotContain("fifo");
    }

    /** The state is stored in the form of the previous program. */
    @Test
    void readsWhatWasStoredWholeAndTakesItApartWithTheNextChange() throws IOException {
        var whole = orchestrator.state().snapshot();
        List<String> keys = new ArrayList<>(entries().keySet());
        keys.forEach(store::delete);
        put("p/pool", whole.header());
        for (var node : whole.nodes().entrySet()) {
            put("p/node/" + node.getKey(), node.getValue());
        }
        put("p/task/g", whole.tasks().get(GANG));
        repository = new StateRepository(store);
        assertThat(repository.load())
                .singleElement()
                .satisfies(restored -> assertThat(restored.snapshot()).isEqualTo(whole));

        report(new TaskReport.Started(source(1), ATTEMPT, ++nowMs));

        assertThat(entries()).containsKeys("p/settings", "p/part/g/0000", "p/part/g/0001", "p/part/g/0002");
        assertThat(entries().get("p/task/g")).contains("\"members\":[]");
    }

    private void put(String key, Object value) throws IOException {
        store.put(key, EventJson.mapper().writeValueAsBytes(value));
    }
}
