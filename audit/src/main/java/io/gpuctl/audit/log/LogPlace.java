package io.gpuctl.audit.log;

import java.nio.file.Path;

/**
 * The place of a record.
 *
 * @param topic the topic of the record
 * @param partition its partition
 * @param offset its offset in the partition
 * @param file the file that contains it
 * @param line its line in that file, from 1
 */
public record LogPlace(String topic, int partition, long offset, Path file, long line) {
    @Override
    public String toString() {
        return "%s, line %d (%s-%d@%d)".formatted(file, line, topic, partition, offset);
    }
}
