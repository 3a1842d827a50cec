package io.gpuctl.audit.rules;

/**
 * The place of a record.
 *
 * @param partition -1 for a missing record, which has no place
 * @param offset -1 for a missing record, which has no place
 */
public record Place(String topic, int partition, long offset) {
    @Override
    public String toString() {
        return topic + "-" + partition + "@" + offset;
    }
}
