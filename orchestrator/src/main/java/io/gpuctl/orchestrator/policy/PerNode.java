package io.gpuctl.orchestrator.policy;

import io.gpuctl.orchestrator.core.Node;
import java.util.Arrays;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A cache of one value per node, computed from the node alone, and kept until the node changes. */
final class PerNode<T> {
    private final Function<Node, T> function;
    private @Nullable Entry<T>[] entries;

    private record Entry<T>(Node node, long changedAt, T value) {}

    @SuppressWarnings({"unchecked", "rawtypes"}) // Java has no arrays of generic types.
    PerNode(Function<Node, T> function) {
        this.function = function;
        entries = new Entry[16];
    }

    T of(Node node) {
        int position = node.position();
        if (position >= entries.length) {
            entries = Arrays.copyOf(entries, Math.max(position + 1, entries.length * 2));
        }
        Entry<T> known = entries[position];
        if (known != null && known.node() == node && known.changedAt() == node.changedAt()) {
            return known.value();
        }
        T value = function.apply(node);
        entries[position] = new Entry<>(node, node.changedAt(), value);
        return value;
    }
}
