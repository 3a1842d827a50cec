package io.gpuctl.events;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import org.jspecify.annotations.Nullable;

/**
 * The name of a queue, unique in its pool.
 *
 * @param value 1 to 128 letters, digits, dots, underscores or hyphens, beginning with a letter or digit
 */
public record QueueName(@JsonValue String value) implements Comparable<QueueName> {

    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    public QueueName {
        Check.identifier("queue", value);
    }

    @Override
    public int compareTo(QueueName other) {
        return value.compareTo(other.value);
    }

    // See TaskId for why these are written out.
    @Override
    public boolean equals(@Nullable Object other) {
        return other == this || (other instanceof QueueName that && value.equals(that.value));
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
