package io.gpuctl.orchestrator.core;

import static org.assertj.core.api.Assertions.assertThat;

import io.gpuctl.events.ClusterEvent;
import io.gpuctl.events.Fact;
import io.gpuctl.events.FactTypes;
import io.gpuctl.events.NodeCommand;
import io.gpuctl.events.TaskId;
import io.gpuctl.events.TaskLife;
import io.gpuctl.events.TaskState;
import io.gpuctl.events.TaskStep;
import io.gpuctl.events.TaskTransition;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Simulates many clusters in virtual time, each from a seed, with all kinds of faults. Repeat a failure with
 * {@code -Dsimulation.seed=SEED -Dsimulation.count=1}.
 */
class SimulationTest {
    private static final long FIRST_SEED = Long.getLong("simulation.seed", 1);
    private static final int COUNT = Integer.getInteger("simulation.count", 1_000);

    /** Number of simulated clusters from which on every possible event of a task or a node occurs. */
    private static final int MANY = 1_000;

    @Test
    void everyTaskEndsOnceAndNoGpuIsGivenTwice() {
        Set<Class<?>> kinds = new LinkedHashSet<>();
        Set<TaskTransition> unvisited = new LinkedHashSet<>(TaskLife.rows());
        for (long seed = FIRST_SEED; seed < FIRST_SEED + COUNT; seed++) {
            try {
                SimulatedCluster cluster = SimulatedCluster.run(seed);
                check(cluster, unvisited);
                cluster.runtime()
                        .facts
                        .records()
                        .forEach(fact -> kinds.add(fact.event().getClass()));
            } catch (AssertionError | RuntimeException e) {
                throw new AssertionError("Seed " + seed + ": " + e.getMessage(), e);
            }
        }
        if (COUNT >= MANY) {
            assertThat(kinds).containsAll(FactTypes.of(ClusterEvent.OfTask.class));
            assertThat(kinds).containsAll(FactTypes.of(ClusterEvent.OfNode.class));
            assertThat(unvisited)
                    .as("rows of the table of a task's life that no simulated task has taken")
                    .isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
    void theSameSeedGivesTheSameLogByteForByte(long seed) {
        assertThat(log(seed)).isNotEmpty().isEqualTo(log(seed));
    }

    private static List<String> log(long seed) {
        return SimulatedCluster.run(seed).runtime().facts.records().stream()
                .map(FakeRuntime::json)
                .toList();
    }

    /** Checks a cluster, and removes the transitions of its tasks from {@code unvisited}. */
    private static void check(SimulatedCluster cluster, Set<TaskTransition> unvisited) {
        FakeRuntime runtime = cluster.runtime();
        List<Fact> facts = runtime.facts.records();
        PoolState folded = new PoolState(FakeRuntime.POOL);
        List<NodeCommand> commands = new ArrayList<>();
        Map<TaskId, ClusterEvent> endings = new TreeMap<>();
        for (Fact fact : facts) {
            TaskTransition taken = transition(fact, folded);
            folded.apply(fact);
            unvisited.remove(taken);
            commands.addAll(NodeCommands.of(fact, folded));
            if (isEnding(fact.event())) {
                ClusterEvent.OfTask event = (ClusterEvent.OfTask) fact.event();
                assertThat(endings.put(event.taskId(), event)).isNull();
            }
        }
        assertThat(endings.keySet())
                .containsExactlyInAnyOrderElementsOf(cluster.submitted().keySet());
        assertThat(commands).isEqualTo(runtime.placements.records());
        EnergyCheck.check(facts, runtime.reports.records());
        assertThat(folded.snapshot()).isEqualTo(runtime.state().snapshot());
        assertThat(folded.snapshot()).isEqualTo(runtime.restored().snapshot());
    }

    /** Returns the transition of the fact's task; null if the fact is not about a task. */
    private static @Nullable TaskTransition transition(Fact fact, PoolState before) {
        if (!(fact.event() instanceof ClusterEvent.OfTask event)) {
            return null;
        }
        TaskRecord task = before.task(event.taskId());
        TaskState from = task == null ? null : task.state();
        TaskStep step = TaskStep.of(event, fact.atMs());
        TaskState to = TaskLife.next(from, step);
        return to == null ? null : new TaskTransition(from, step, to);
    }

    private static boolean isEnding(ClusterEvent event) {
        return event instanceof ClusterEvent.TaskCompleted
                || event instanceof ClusterEvent.TaskFailed
                || event instanceof ClusterEvent.TaskCancelled
                || event instanceof ClusterEvent.TaskRejected;
    }
}
