package io.gpuctl.orchestrator.core;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.gpuctl.events.Cause;
import io.gpuctl.events.Fact;
import io.gpuctl.events.NodeCommand;
import io.gpuctl.events.NodeCondition;
import io.gpuctl.events.NodeEvent;
import io.gpuctl.events.PoolId;
import io.gpuctl.events.PoolSettings;
import io.gpuctl.events.TaskCommand;
import io.gpuctl.events.TaskReport;
import io.gpuctl.events.kafka.EventJson;
import io.gpuctl.orchestrator.policy.Policies;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/**
 * Simulates exactly-once Kafka Streams for the core: reads the input topics in order within each topic, but in any
 * order between topics, and commits offsets, state, facts and commands together or, after a crash, not at all.
 */
final class FakeRuntime {
    static final PoolId POOL = PoolId.DEFAULT;

    final FakeTopic<TaskCommand> commands = new FakeTopic<>("task-commands");
    final FakeTopic<TaskReport> reports = new FakeTopic<>("task-reports");
    final FakeTopic<NodeEvent> nodeEvents = new FakeTopic<>("node-events");
    final FakeTopic<NodeCondition> conditions = new FakeTopic<>("node-conditions");
    final FakeTopic<Fact> facts = new FakeTopic<>("cluster-events");
    final FakeTopic<NodeCommand> placements = new FakeTopic<>("placements");

    private final List<Source<?>> sources = List.of(
            new Source<>(commands, (input, cause) -> running().on(input, cause)),
            new Source<>(reports, (input, cause) -> running().on(input, cause)),
            new Source<>(nodeEvents, (input, cause) -> running().on(input, cause)),
            new Source<>(conditions, (input, cause) -> running().on(input, cause)));

    private final Random random;
    private final List<Fact> uncommittedFacts = new ArrayList<>();
    private final List<NodeCommand> uncommittedCommands = new ArrayList<>();
    private final SortedMap<String, String> store = new TreeMap<>();
    private @Nullable PoolOrchestrator orchestrator;

    private static final class Source<T> {
        final FakeTopic<T> topic;
        final BiFunction<T, Cause, Decision> handler;
        int position;
        int committed;

        Source(FakeTopic<T> topic, BiFunction<T, Cause, Decision> handler) {
            this.topic = topic;
            this.handler = handler;
        }

        boolean isEmpty() {
            return position == topic.size();
        }

        Decision next() {
            T input = topic.get(position);
            return handler.apply(input, new Cause(topic.name(), 0, position++));
        }
    }

    FakeRuntime(Random random) {
        this.random = random;
    }

    void start(PoolSettings settings) {
        orchestrator = new PoolOrchestrator(restored(), "orchestrator", settings, Policies::create);
    }

    void crash() {
        orchestrator = null;
        uncommittedFacts.clear();
        uncommittedCommands.clear();
        sources.forEach(source -> source.position = source.committed);
    }

    boolean isRunning() {
        return orchestrator != null;
    }

    boolean hasReadAll() {
        return sources.stream().allMatch(Source::isEmpty);
    }

    PoolState state() {
        return running().state();
    }

    private PoolOrchestrator running() {
        if (orchestrator == null) {
            throw new IllegalStateException("crashed");
        }
        return orchestrator;
    }

    /** Processes some of the available inputs, from topics in any order. */
    void poll(int inputsMax) {
        for (int i = 0; i < inputsMax && !hasReadAll(); i++) {
            List<Source<?>> ready =
                    sources.stream().filter(source -> !source.isEmpty()).toList();
            collect(ready.get(random.nextInt(ready.size())).next());
        }
    }

    void tick(long nowMs) {
        collect(running().onTick(nowMs));
    }

    private void collect(Decision decision) {
        uncommittedFacts.addAll(decision.facts());
        uncommittedCommands.addAll(decision.commands());
        List<String> violations = decision.facts().isEmpty() ? List.of() : Invariants.violations(state());
        if (!violations.isEmpty()) {
            throw new AssertionError(violations + " after " + decision.facts());
        }
    }

    void commit() {
        sources.forEach(source -> source.committed = source.position);
        if (!uncommittedFacts.isEmpty()) {
            commitFacts();
        }
    }

    private void commitFacts() {
        uncommittedFacts.forEach(facts::append);
        uncommittedCommands.forEach(placements::append);
        uncommittedFacts.clear();
        uncommittedCommands.clear();
        StateChange change = state().drainChanges();
        store.put("header", json(change.header()));
        change.nodes().forEach((nodeId, node) -> store.put("node/" + nodeId, json(node)));
        change.tasks().forEach((taskId, task) -> put("task/" + taskId, task));
        change.finished().forEach((taskId, task) -> put("finished/" + taskId, task));
        requireAllStored();
    }

    /** Requires that all changes were stored. A node's holds are partly stored with their tasks. */
    private void requireAllStored() {
        PoolState restored = restored();
        assertThat(restored.snapshot()).isEqualTo(state().snapshot());
        for (Node node : state().nodes()) {
            assertThat(restored.node(node.id()).held()).isEqualTo(node.held());
        }
    }

    private void put(String key, Optional<?> value) {
        value.ifPresentOrElse(present -> store.put(key, json(present)), () -> store.remove(key));
    }

    /** Returns the committed state. */
    PoolState restored() {
        String header = store.get("header");
        if (header == null) {
            return new PoolState(POOL);
        }
        return PoolState.restore(
                read(header, PoolHeader.class),
                all("node/", NodeSnapshot.class),
                all("task/", TaskRecord.class),
                all("finished/", FinishedTask.class));
    }

    private <T> List<T> all(String prefix, Class<T> type) {
        Map<String, String> found = store.subMap(prefix, prefix + Character.MAX_VALUE);
        return found.values().stream().map(json -> read(json, type)).toList();
    }

    private static <T> T read(String json, Class<T> type) {
        try {
            return EventJson.mapper().readValue(json, type);
        } catch (JsonProcessingException e) {
            throw new AssertionError(json, e);
        }
    }

    static String json(Object value) {
        try {
            return EventJson.mapper().writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new AssertionError(String.valueOf(value), e);
        }
    }
}
