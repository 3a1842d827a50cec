package io.gpuctl.audit.log;

import java.util.List;
import java.util.Objects;

/**
 * One topic, as the manifest describes it.
 *
 * @param partitions all partitions of the topic, from 0, including those without records
 */
public record TopicFiles(String name, List<PartitionFile> partitions) {
    public TopicFiles {
        Objects.requireNonNull(name, "\"name\" of a topic is missing");
        partitions = List.copyOf(Objects.requireNonNull(partitions, "\"partitions\" of a topic is missing"));
    }
}
