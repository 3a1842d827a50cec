package io.gpuctl.orchestrator.queue;

import static org.assertj.core.api.Assertions.assertThat;

import io.gpuctl.events.QueueName;
import io.gpuctl.events.QueueSpec;
import io.gpuctl.events.QueueTree;
import io.gpuctl.events.ResourceAmounts;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class FairTurnsTest {
    private static final QueueName A = new QueueName("a");
    private static final QueueName B = new QueueName("b");

    private final Map<QueueName, Deque<ResourceAmounts>> waiting = new LinkedHashMap<>();

    private static QueueSpec queue(String name, @Nullable String parent) {
        return QueueSpec.of(new QueueName(name), parent == null ? null : new QueueName(parent));
    }

    private void waits(QueueName leaf, int tasks, ResourceAmounts each) {
        waiting.put(leaf, new ArrayDeque<>(Collections.nCopies(tasks, each)));
    }

    private ResourceAmounts asked(QueueName leaf) {
        return waiting.getOrDefault(leaf, new ArrayDeque<>()).stream()
                .reduce(ResourceAmounts.NONE, ResourceAmounts::plus);
    }

    private FairTurns turns(QueueTree tree, ResourceAmounts capacity) {
        return new FairTurns(tree, QueueShares.of(tree, capacity, this::asked, (queue, resource) -> 0, 0));
    }

    private @Nullable ResourceAmounts next(QueueName leaf) {
        Deque<ResourceAmounts> tasks = waiting.get(leaf);
        return tasks == null ? null : tasks.peek();
    }

    /** Takes that many tasks, and returns their leaves. */
    private List<String> take(FairTurns turns, int tasks) {
        List<String> leaves = new ArrayList<>();
        for (int task = 0; task < tasks; task++) {
            QueueName leaf = turns.next(this::next);
            if (leaf == null) {
                break;
            }
            turns.take(leaf, waiting.get(leaf).remove());
            leaves.add(leaf.value());
        }
        return leaves;
    }

    @Test
    void q7TakesTheQueueWithTheSmallestDominantShare() {
        waits(A, 9, new ResourceAmounts(0, 1_000, 4_096));
        waits(B, 9, new ResourceAmounts(0, 3_000, 1_024));
        var tree = new QueueTree(List.of(queue("a", null), queue("b", null)));

        FairTurns turns = turns(tree, new ResourceAmounts(0, 9_000, 18_432));

        assertThat(take(turns, 5)).containsExactly("a", "b", "a", "a", "b");
    }

    @Test
    void descendsByTheShareOfEachLevel() {
        var x1 = new QueueName("x1");
        var x2 = new QueueName("x2");
        var y = new QueueName("y");
        waits(x1, 8, ResourceAmounts.ofGpus(1_000));
        waits(x2, 8, ResourceAmounts.ofGpus(1_000));
        waits(y, 8, ResourceAmounts.ofGpus(1_000));
        var tree = new QueueTree(List.of(queue("X", null), queue("x1", "X"), queue("x2", "X"), queue("y", null)));

        FairTurns turns = turns(tree, ResourceAmounts.ofGpus(8_000));

        // X and y have 4 GPUs each, x1 and x2 have 2.
        assertThat(take(turns, 8)).containsExactly("x1", "y", "x2", "y", "x1", "y", "x2", "y");
    }

    @Test
    void theHigherPriorityWinsATie() {
        waits(A, 2, ResourceAmounts.ofGpus(1_000));
        waits(B, 2, ResourceAmounts.ofGpus(1_000));
        var tree = new QueueTree(List.of(queue("a", null), queue("b", null).withPriority(1)));

        assertThat(take(turns(tree, ResourceAmounts.ofGpus(4_000)), 4)).containsExactly("b", "a", "b", "a");
    }

    @Test
    void aQueueWithoutAShareIsLast() {
        waits(A, 1, ResourceAmounts.ofGpus(1_000));
        waits(B, 4, ResourceAmounts.ofGpus(1_000));
        var tree = new QueueTree(List.of(queue("a", null).withWeight(0), queue("b", null)));

        assertThat(take(turns(tree, ResourceAmounts.ofGpus(4_000)), 9)).containsExactly("b", "b", "b", "b", "a");
    }

    @Test
    void queuesWithoutAShareTakeTurns() {
        waits(A, 2, ResourceAmounts.ofGpus(1_000));
        waits(B, 2, ResourceAmounts.ofGpus(1_000));
        var tree = new QueueTree(
                List.of(queue("a", null).withWeight(0), queue("b", null).withWeight(0)));

        assertThat(take(turns(tree, ResourceAmounts.ofGpus(4_000)), 4)).containsExactly("a", "b", "a", "b");
    }

    @Test
    void saysWhetherATaskStaysWithinTheShareOfEveryQueueAboveIt() {
        var task = ResourceAmounts.ofGpus(1_000);
        var x1 = new QueueName("x1");
        waits(x1, 2, task);
        waits(new QueueName("x2"), 2, task);
        waits(B, 9, task);
        var tree = new QueueTree(List.of(queue("X", null), queue("x1", "X"), queue("x2", "X"), queue("b", null)));
        FairTurns turns = turns(tree, ResourceAmounts.ofGpus(4_000));

        assertThat(turns.isWithinShare(x1, task)).isTrue();
        turns.take(x1, task);
        assertThat(turns.isWithinShare(x1, task)).as("x1 has its share").isFalse();
        turns.take(x1, task);
        assertThat(turns.isWithinShare(new QueueName("x2"), task))
                .as("X has its share")
                .isFalse();
    }

    @Test
    void looksOnlyAtWhatTheTaskAsksFor() {
        var tree = new QueueTree(List.of(queue("a", null)));
        FairTurns turns = turns(tree, ResourceAmounts.ofGpus(4_000)); // Nobody asks, so every share is 0.

        assertThat(turns.isWithinShare(A, ResourceAmounts.NONE)).isTrue();
        assertThat(turns.isWithinShare(A, ResourceAmounts.ofGpus(1))).isFalse();
    }
}
