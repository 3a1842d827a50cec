/**
 * Reads recorded workloads in the formats in which they are published, and writes them in the project's own format.
 *
 * <p>A file is read completely or not at all, unless bad rows are skipped. Error messages name the file, line, field
 * and value. The workload's notes count the fields that have no counterpart in a task. Does I/O on the caller's thread;
 * does not depend on Kafka.
 */
@NullMarked
package io.gpuctl.experiments.trace;

import org.jspecify.annotations.NullMarked;
