package io.gpuctl.orchestrator.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gpuctl.events.QueueLimit;
import io.gpuctl.events.QueueName;
import io.gpuctl.events.QueueSpec;
import io.gpuctl.events.QueueTree;
import io.gpuctl.events.Resource;
import io.gpuctl.events.ResourceAmounts;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class QueueSharesTest {
    private static QueueSpec queue(String name, @Nullable String parent, long quotaMilli) {
        return QueueSpec.of(new QueueName(name), parent == null ? null : new QueueName(parent))
                .withQuota(ResourceAmounts.ofGpus(quotaMilli));
    }

    private static QueueShares shares(QueueTree tree, long capacityMilli, Map<String, Long> demands) {
        return QueueShares.of(
                tree,
                ResourceAmounts.ofGpus(capacityMilli),
                leaf -> ResourceAmounts.ofGpus(demands.getOrDefault(leaf.value(), 0L)),
                (queue, resource) -> 0,
                0);
    }

    private static long share(QueueShares shares, String queue) {
        return shares.of(new QueueName(queue), Resource.GPU);
    }

    @Test
    void q5DividesTheShareOfAQueueAmongItsChildren() {
        var tree = new QueueTree(List.of(
                queue("X", null, 6_000),
                queue("x1", "X", 0),
                queue("x2", "X", 0).withWeight(2),
                queue("Y", null, 2_000)));

        QueueShares shares = shares(tree, 12_000, Map.of("x1", 10_000L, "x2", 10_000L, "Y", 3_000L));

        assertThat(List.of(share(shares, "X"), share(shares, "Y"), share(shares, "x1"), share(shares, "x2")))
                .containsExactly(9_000L, 3_000L, 3_000L, 6_000L);
    }

    @Test
    void aLimitBoundsWhatAllQueuesBelowAskFor() {
        var tree = new QueueTree(List.of(
                queue("X", null, 0).withLimit(new QueueLimit(4_000L, null, null)),
                queue("x1", "X", 0),
                queue("x2", "X", 0),
                queue("Y", null, 0)));

        QueueShares shares = shares(tree, 12_000, Map.of("x1", 10_000L, "x2", 1_000L, "Y", 10_000L));

        assertThat(List.of(share(shares, "X"), share(shares, "Y"), share(shares, "x1"), share(shares, "x2")))
                .containsExactly(4_000L, 8_000L, 3_000L, 1_000L);
    }

    @Test
    void dividesEachResourceByItself() {
        var tree = new QueueTree(List.of(queue("a", null, 0), queue("b", null, 0)));
        var asked = Map.of("a", new ResourceAmounts(8_000, 1_000, 0), "b", new ResourceAmounts(2_000, 9_000, 50));

        var shares = QueueShares.of(
                tree,
                new ResourceAmounts(8_000, 4_000, 100),
                leaf -> asked.getOrDefault(leaf.value(), ResourceAmounts.NONE),
                (queue, resource) -> 0,
                0);

        List<Long> all = new ArrayList<>();
        for (Resource resource : Resource.values()) {
            all.add(shares.of(new QueueName("a"), resource));
            all.add(shares.of(new QueueName("b"), resource));
        }
        assertThat(all).containsExactly(6_000L, 2_000L, 1_000L, 3_000L, 0L, 50L);
    }

    @Test
    void aPoolWithoutQueuesHasNoShares() {
        QueueShares shares = shares(QueueTree.EMPTY, 8_000, Map.of());

        assertThatThrownBy(() -> share(shares, "a")).hasMessage("There is no queue a");
    }
}
