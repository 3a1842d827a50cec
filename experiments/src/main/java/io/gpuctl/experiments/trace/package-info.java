/**
 * Recorded workloads: reading them in the formats in which they are published, and writing them in the project's own.
 *
 * <p>A file is read wholly or not at all, unless bad rows are to be skipped: what is wrong is named with its file, line,
 * field and value. What a trace says and a task cannot is counted, and told with the workload. Does I/O, on the caller's thread; knows no Kafka.
 */
@NullMarked
package io.gpuctl.experiments.trace;

import org.jspecify.annotations.NullMarked;
