/**
 * {@code gpuctl log}: the topics of a cluster out into files and back in; {@code docs/event-log.md} describes the files,
 * {@code io.gpuctl.audit.log} reads and writes them. One thread; the producer calls back on its own.
 */
@NullMarked
package io.gpuctl.cli.log;

import org.jspecify.annotations.NullMarked;
