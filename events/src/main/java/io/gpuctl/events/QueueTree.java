package io.gpuctl.events;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The queues of a pool. Queues of one parent are ordered by name. Immutable.
 *
 * <p>The constructor throws {@link InvalidFieldException} if the queues do not form a tree, or if queues of one parent
 * have more quota than their parent: the parent could not give it to all of them.
 */
public final class QueueTree {
    /** The tree of a pool without queues. */
    public static final QueueTree EMPTY = new QueueTree(List.of());

    public static final int QUEUES_MAX = 1_000;
    public static final int DEPTH_MAX = 16;

    private final SortedMap<QueueName, QueueSpec> queues = new TreeMap<>();
    private final SortedMap<QueueName, List<QueueSpec>> children = new TreeMap<>();
    private final List<QueueSpec> top = new ArrayList<>();
    private final SortedMap<QueueName, List<QueueSpec>> paths = new TreeMap<>();

    public QueueTree(Collection<QueueSpec> specs) {
        Check.maxSize("queues", specs, QUEUES_MAX);
        for (QueueSpec spec : specs) {
            if (queues.put(spec.name(), spec) != null) {
                throw new InvalidFieldException("name", spec.name(), "a name that no other queue of the pool has");
            }
        }
        for (QueueSpec spec : queues.values()) {
            siblings(spec).add(spec);
        }
        queues.values().forEach(queue -> paths.put(queue.name(), pathTo(queue)));
        children.forEach(this::requireQuotasWithin);
    }

    private List<QueueSpec> siblings(QueueSpec child) {
        QueueName parent = child.parent();
        if (parent == null) {
            return top;
        }
        if (!queues.containsKey(parent)) {
            throw new InvalidFieldException("parent", parent, "a queue of the pool, for queue " + child.name());
        }
        return children.computeIfAbsent(parent, _ -> new ArrayList<>());
    }

    private List<QueueSpec> pathTo(QueueSpec queue) {
        List<QueueSpec> path = new ArrayList<>();
        for (QueueSpec above = queue; above != null; above = parent(above)) {
            path.addFirst(above);
            if (path.size() > DEPTH_MAX) {
                throw new InvalidFieldException(
                        "parent",
                        String.valueOf(queue.parent()),
                        "a queue that is not below %s itself, and at most %d queues deep"
                                .formatted(queue.name(), DEPTH_MAX - 1));
            }
        }
        return path;
    }

    private void requireQuotasWithin(QueueName parent, List<QueueSpec> parts) {
        ResourceAmounts quota = queue(parent).quota();
        for (Resource resource : Resource.values()) {
            long sum =
                    parts.stream().mapToLong(part -> part.quota().of(resource)).sum();
            if (sum > quota.of(resource)) {
                throw new InvalidFieldException(
                        "quota." + resource.field(),
                        sum,
                        "in all queues below %s at most the quota of %s, %d"
                                .formatted(parent, parent, quota.of(resource)));
            }
        }
    }

    public boolean isEmpty() {
        return queues.isEmpty();
    }

    /** Returns all queues, in the order of their names. */
    public Collection<QueueSpec> queues() {
        return Collections.unmodifiableCollection(queues.values());
    }

    public boolean contains(QueueName name) {
        return queues.containsKey(name);
    }

    /** Returns a queue of the pool; throws {@link IllegalArgumentException} if there is none of this name. */
    public QueueSpec queue(QueueName name) {
        QueueSpec queue = queues.get(name);
        if (queue == null) {
            throw new IllegalArgumentException("There is no queue " + name);
        }
        return queue;
    }

    /** Returns the queues without a parent. */
    public List<QueueSpec> top() {
        return Collections.unmodifiableList(top);
    }

    public List<QueueSpec> children(QueueSpec queue) {
        return Collections.unmodifiableList(children.getOrDefault(queue.name(), List.of()));
    }

    /** Returns whether tasks may wait in the queue. */
    public boolean isLeaf(QueueSpec queue) {
        return !children.containsKey(queue.name());
    }

    public @Nullable QueueSpec parent(QueueSpec queue) {
        return queue.parent() == null ? null : queue(queue.parent());
    }

    /** Returns the queue and all queues above it, from the top; empty if there is no such queue. */
    public List<QueueSpec> path(QueueName name) {
        return Collections.unmodifiableList(paths.getOrDefault(name, List.of()));
    }

    /** Returns how long a task of a leaf runs before a task of the same leaf may evict it, ms. */
    public long preemptMinRuntimeMs(QueueName leaf) {
        return nearest(queue(leaf), QueueSpec::preemptMinRuntimeMs);
    }

    /**
     * Returns how long a task of one leaf runs before a task of another leaf may evict it, ms. The setting is that of
     * the first queue on the path to the victim that is not also on the path to the evictor, or else the nearest above
     * it. The leaves must differ.
     */
    public long reclaimMinRuntimeMs(QueueName evictor, QueueName victim) {
        List<QueueSpec> toEvictor = path(evictor);
        List<QueueSpec> toVictim = path(victim);
        int common = 0;
        while (toEvictor.get(common).equals(toVictim.get(common))) {
            common++;
        }
        return nearest(toVictim.get(common), QueueSpec::reclaimMinRuntimeMs);
    }

    private long nearest(QueueSpec from, Function<QueueSpec, @Nullable Long> setting) {
        for (QueueSpec queue = from; queue != null; queue = parent(queue)) {
            Long set = setting.apply(queue);
            if (set != null) {
                return set;
            }
        }
        return 0;
    }
}
