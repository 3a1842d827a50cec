/**
 * {@code gpuctl log}: exports the topics of a cluster to files, and imports them. {@code docs/event-log.md} describes
 * the files; {@code io.gpuctl.audit.log} reads and writes them. One thread; the producer calls back on a thread of its
 * own.
 */
@NullMarked
package io.gpuctl.cli.log;

import org.jspecify.annotations.NullMarked;
