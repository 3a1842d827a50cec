package io.gpuctl.orchestrator.queue;

import io.gpuctl.events.QueueName;
import io.gpuctl.events.QueueSpec;
import io.gpuctl.events.QueueTree;
import io.gpuctl.events.Resource;
import io.gpuctl.events.ResourceAmounts;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Says which leaf is next: from the top down, the queue goes first whose next task leaves it with the smallest part of
 * its share, by the resource of which it has the largest part (dominant resource fairness, Ghodsi et al., NSDI 2011).
 * The queue of higher priority wins a tie, and then the first by name. Remembers what each queue took. Not thread-safe.
 */
public final class FairTurns {
    private static final Resource[] RESOURCES = Resource.values();

    /** Stands for a share of 0: such queues come last, and in turns. */
    private static final double NO_SHARE = 1e-9;

    private final QueueTree tree;
    private final QueueShares shares;
    private final Map<QueueName, ResourceAmounts> taken = new LinkedHashMap<>();

    public FairTurns(QueueTree tree, QueueShares shares) {
        this.tree = tree;
        this.shares = shares;
    }

    /** The next task of a leaf, and what it asks for. */
    private record Turn(QueueSpec leaf, ResourceAmounts task) {}

    /**
     * Returns the leaf whose next task is next.
     *
     * @param nextTask returns what the next task of a leaf asks for; null if the leaf has none
     * @return null if no leaf has a task
     */
    public @Nullable QueueName next(Function<QueueName, @Nullable ResourceAmounts> nextTask) {
        Turn turn = next(tree.top(), nextTask);
        return turn == null ? null : turn.leaf().name();
    }

    private @Nullable Turn next(List<QueueSpec> queues, Function<QueueName, @Nullable ResourceAmounts> nextTask) {
        Turn best = null;
        double bestPart = 0;
        int bestPriority = 0;
        for (QueueSpec queue : queues) { // In the order of names.
            Turn turn = tree.isLeaf(queue) ? own(queue, nextTask) : next(tree.children(queue), nextTask);
            if (turn == null) {
                continue;
            }
            double part = part(queue.name(), turn.task());
            if (best == null || part < bestPart || (part == bestPart && queue.priority() > bestPriority)) {
                best = turn;
                bestPart = part;
                bestPriority = queue.priority();
            }
        }
        return best;
    }

    private static @Nullable Turn own(QueueSpec leaf, Function<QueueName, @Nullable ResourceAmounts> nextTask) {
        ResourceAmounts task = nextTask.apply(leaf.name());
        return task == null ? null : new Turn(leaf, task);
    }

    /** Returns the part of its share that the queue would have with the task. */
    private double part(QueueName queue, ResourceAmounts task) {
        double most = 0;
        for (Resource resource : RESOURCES) {
            long amount = taken(queue).of(resource) + task.of(resource);
            if (amount > 0) {
                most = Math.max(most, amount / Math.max((double) shares.of(queue, resource), NO_SHARE));
            }
        }
        return most;
    }

    /** Notes that the leaf and the queues above it took what a task asks for. */
    public void take(QueueName leaf, ResourceAmounts task) {
        for (QueueSpec queue : tree.path(leaf)) {
            taken.merge(queue.name(), task, ResourceAmounts::plus);
        }
    }

    private ResourceAmounts taken(QueueName queue) {
        return taken.getOrDefault(queue, ResourceAmounts.NONE);
    }

    /** Returns whether the leaf and all queues above it stay within their shares of what the task asks for. */
    public boolean isWithinShare(QueueName leaf, ResourceAmounts task) {
        for (QueueSpec queue : tree.path(leaf)) {
            for (Resource resource : RESOURCES) {
                long asked = task.of(resource);
                if (asked > 0 && taken(queue.name()).of(resource) + asked > shares.of(queue.name(), resource)) {
                    return false;
                }
            }
        }
        return true;
    }
}
