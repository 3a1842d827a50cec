package io.gpuctl.audit.log;

import java.nio.file.Path;

/**
 * Where a record stands.
 *
 * @param topic the topic that it was in
 * @param partition the partition that it was in
 * @param offset the offset that it had there
 * @param file the file that it is in now
 * @param line its line in that file, from 1
 */
public record LogPlace(String topic, int partition, long offset, Path file, long line) {
    @Override
    public String toString() {
        return "%s, line %d (%s-%d@%d)".formatted(file, line, topic, partition, offset);
    }
}
