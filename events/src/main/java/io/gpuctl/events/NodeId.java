package io.gpuctl.events;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import org.jspecify.annotations.Nullable;

/**
 * The id of a node, unique in a cluster; chosen by the operator who runs the node.
 *
 * @param value 1 to 128 letters, digits, dots, underscores or hyphens, beginning with a letter or digit
 */
public record NodeId(@JsonValue String value) implements Comparable<NodeId> {
    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    public NodeId {
        Check.identifier("node_id", value);
    }

    @Override
    public int compareTo(NodeId other) {
        return value.compareTo(other.value);
    }

    // Ids are keys of most maps. What a record gets by itself runs through method handles, slowly until C2 has compiled
    // it.
    @Override
    public boolean equals(@Nullable Object other) {
        return other == this || (other instanceof NodeId that && value.equals(that.value));
    }

    @Override
    public int hashCode() {
        return value.hashCode();
    }

    @Override
    public String toString() {
        return value;
    }
}
