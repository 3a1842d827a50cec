package io.gpuctl.events;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

/**
 * The id of a pool. A pool is a scheduling domain: a set of nodes with its own queue.
 *
 * @param value 1 to 128 letters, digits, dots, underscores or hyphens, beginning with a letter or digit
 */
public record PoolId(@JsonValue String value) implements Comparable<PoolId> {
    /** The pool of tasks and nodes that name no pool. */
    public static final PoolId DEFAULT = new PoolId("default");

    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    public PoolId {
        Check.identifier("pool", value);
    }

    @Override
    public int compareTo(PoolId other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
