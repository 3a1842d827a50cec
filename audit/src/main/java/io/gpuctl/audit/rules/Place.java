package io.gpuctl.audit.rules;

/**
 * Where a record is.
 *
 * @param partition -1 if what is missing has no place
 * @param offset -1 if what is missing has no place
 */
public record Place(String topic, int partition, long offset) {
    @Override
    public String toString() {
        return topic + "-" + partition + "@" + offset;
    }
}
