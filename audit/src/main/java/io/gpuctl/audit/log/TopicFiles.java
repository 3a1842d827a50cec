package io.gpuctl.audit.log;

import java.util.List;
import java.util.Objects;

/**
 * What the manifest says of one topic.
 *
 * @param partitions all that the topic has, from 0 upwards, also those without records
 */
public record TopicFiles(String name, List<PartitionFile> partitions) {
    public TopicFiles {
        Objects.requireNonNull(name, "\"name\" of a topic is missing");
        partitions = List.copyOf(Objects.requireNonNull(partitions, "\"partitions\" of a topic is missing"));
    }
}
