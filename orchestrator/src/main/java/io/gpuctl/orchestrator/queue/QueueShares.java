package io.gpuctl.orchestrator.queue;

import io.gpuctl.events.QueueName;
import io.gpuctl.events.QueueSpec;
import io.gpuctl.events.QueueTree;
import io.gpuctl.events.Resource;
import io.gpuctl.events.ResourceAmounts;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.ToDoubleBiFunction;

/** The fair share of each queue of a pool, at one moment. Immutable. */
public final class QueueShares {
    private final Map<Resource, Map<QueueName, Long>> shares = new EnumMap<>(Resource.class);

    private QueueShares() {}

    /**
     * Divides what the pool has.
     *
     * @param capacity of the nodes that can get tasks
     * @param demandOfLeaf what the tasks of a leaf hold and wait for
     * @param used what a queue has recently used of a resource, as a part of what there was
     * @param history see {@link FairShares#divide}
     */
    public static QueueShares of(
            QueueTree tree,
            ResourceAmounts capacity,
            Function<QueueName, ResourceAmounts> demandOfLeaf,
            ToDoubleBiFunction<QueueName, Resource> used,
            double history) {
        var result = new QueueShares();
        for (Resource resource : Resource.values()) {
            var division = new Division(tree, resource, used, history);
            tree.top().forEach(queue -> division.demand(queue, demandOfLeaf));
            division.divide(capacity.of(resource), tree.top());
            result.shares.put(resource, division.shares);
        }
        return result;
    }

    /** Returns the share of a queue of the pool. */
    public long of(QueueName queue, Resource resource) {
        Long share = shares.getOrDefault(resource, Map.of()).get(queue);
        if (share == null) {
            throw new IllegalArgumentException("There is no queue " + queue);
        }
        return share;
    }

    /** The division of one resource. */
    private static final class Division {
        private final QueueTree tree;
        private final Resource resource;
        private final ToDoubleBiFunction<QueueName, Resource> used;
        private final double history;
        private final Map<QueueName, Long> demands = new LinkedHashMap<>();
        private final Map<QueueName, Long> shares = new LinkedHashMap<>();

        Division(QueueTree tree, Resource resource, ToDoubleBiFunction<QueueName, Resource> used, double history) {
            this.tree = tree;
            this.resource = resource;
            this.used = used;
            this.history = history;
        }

        /** Finds out what the queue and all below it ask for, and returns it. */
        private long demand(QueueSpec queue, Function<QueueName, ResourceAmounts> ofLeaf) {
            long asked = 0;
            if (tree.isLeaf(queue)) {
                asked = ofLeaf.apply(queue.name()).of(resource);
            } else {
                for (QueueSpec child : tree.children(queue)) {
                    asked += demand(child, ofLeaf);
                }
            }
            long demand = Math.min(asked, queue.limit().of(resource));
            demands.put(queue.name(), demand);
            return demand;
        }

        private void divide(long supply, List<QueueSpec> queues) {
            List<FairShares.Claim> claims = new ArrayList<>(queues.size());
            for (QueueSpec queue : queues) {
                claims.add(new FairShares.Claim(
                        queue.name(),
                        queue.quota().of(resource),
                        demands.getOrDefault(queue.name(), 0L),
                        queue.weight(),
                        queue.priority(),
                        used.applyAsDouble(queue.name(), resource)));
            }
            long[] divided = FairShares.divide(supply, claims, history);
            for (int index = 0; index < divided.length; index++) {
                QueueSpec queue = queues.get(index);
                shares.put(queue.name(), divided[index]);
                divide(divided[index], tree.children(queue));
            }
        }
    }
}
