package io.gpuctl.events;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class QueueTreeTest {
    private static QueueSpec queue(String name, @Nullable String parent) {
        return QueueSpec.of(new QueueName(name), parent == null ? null : new QueueName(parent));
    }

    private static QueueSpec withQuota(String name, @Nullable String parent, long gpuMilli) {
        return queue(name, parent).withQuota(ResourceAmounts.ofGpus(gpuMilli));
    }

    private static List<String> names(Iterable<QueueSpec> queues) {
        List<String> names = new ArrayList<>();
        queues.forEach(queue -> names.add(queue.name().value()));
        return names;
    }

    @Test
    void ordersTheQueuesOfAParentByName() {
        var tree = new QueueTree(List.of(queue("b", "x"), queue("y", null), queue("x", null), queue("a", "x")));

        assertThat(names(tree.top())).containsExactly("x", "y");
        assertThat(names(tree.children(tree.top().getFirst()))).containsExactly("a", "b");
        assertThat(tree.isLeaf(tree.top().getFirst())).isFalse();
        assertThat(tree.isLeaf(tree.top().getLast())).isTrue();
        assertThat(names(tree.path(new QueueName("b")))).containsExactly("x", "b");
        assertThat(names(tree.queues())).containsExactly("a", "b", "x", "y");
    }

    @Test
    void refusesTwoQueuesOfOneName() {
        assertThatThrownBy(() -> new QueueTree(List.of(queue("a", null), queue("a", null))))
                .isInstanceOf(InvalidFieldException.class)
                .hasMessage("name is a, but must be a name that no other queue of the pool has");
    }

    @Test
    void refusesAParentThatIsNotThere() {
        assertThatThrownBy(() -> new QueueTree(List.of(queue("a", "x"))))
                .hasMessage("parent is x, but must be a queue of the pool, for queue a");
    }

    @Test
    void refusesACycle() {
        assertThatThrownBy(() -> new QueueTree(List.of(queue("a", "b"), queue("b", "c"), queue("c", "a"))))
                .hasMessageContaining("parent is b, but must be a queue that is not below a itself");
        assertThatThrownBy(() -> new QueueTree(List.of(queue("a", "a"))))
                .hasMessageContaining("parent is a, but must be a queue that is not below a itself");
    }

    @Test
    void refusesADeeperTree() {
        List<QueueSpec> queues = new ArrayList<>();
        queues.add(queue("q1", null));
        for (int depth = 2; depth <= QueueTree.DEPTH_MAX; depth++) {
            queues.add(queue("q" + depth, "q" + (depth - 1)));
        }
        assertThat(new QueueTree(queues).path(new QueueName("q16"))).hasSize(QueueTree.DEPTH_MAX);

        queues.add(queue("q17", "q16"));

        assertThatThrownBy(() -> new QueueTree(queues)).hasMessageContaining("at most 15 queues deep");
    }

    @Test
    void refusesMoreQuotaThanTheParentHas() {
        var parent = withQuota("x", null, 6_000);

        assertThat(new QueueTree(List.of(parent, withQuota("a", "x", 4_000), withQuota("b", "x", 2_000))).isEmpty())
                .isFalse();
        assertThatThrownBy(() -> new QueueTree(List.of(parent, withQuota("a", "x", 4_000), withQuota("b", "x", 2_001))))
                .hasMessage("quota.gpu_milli is 6001, but must be in all queues below x at most the quota of x, 6000");
    }

    @Test
    void refusesAQuotaAboveTheLimitOfAQueue() {
        var quota = ResourceAmounts.ofGpus(2_000);
        var queue = queue("a", null).withLimit(new QueueLimit(1_000L, null, null));

        assertThatThrownBy(() -> queue.withQuota(quota))
                .hasMessage("quota.gpu_milli is 2000, but must be at most the limit, 1000");
    }

    @Test
    void takesTheMinimumRuntimeOfTheBranchThatLeadsToTheVictim() {
        var tree = new QueueTree(List.of(
                queue("x", null).withMinRuntimes(10L, 1L),
                queue("x1", "x").withMinRuntimes(20L, null),
                queue("x2", "x"),
                queue("y", null),
                queue("y1", "y").withMinRuntimes(null, 2L)));
        var x1 = new QueueName("x1");
        var x2 = new QueueName("x2");
        var y1 = new QueueName("y1");

        assertThat(tree.reclaimMinRuntimeMs(x2, x1))
                .as("the paths part below x")
                .isEqualTo(20);
        assertThat(tree.reclaimMinRuntimeMs(x1, x2))
                .as("x2 has none of its own")
                .isEqualTo(10);
        assertThat(tree.reclaimMinRuntimeMs(y1, x1))
                .as("the paths part at the top")
                .isEqualTo(10);
        assertThat(tree.reclaimMinRuntimeMs(x1, y1)).as("none is set").isZero();
        assertThat(tree.preemptMinRuntimeMs(x1)).isEqualTo(1);
        assertThat(tree.preemptMinRuntimeMs(y1)).isEqualTo(2);
        assertThat(tree.preemptMinRuntimeMs(new QueueName("y"))).isZero();
    }
}
