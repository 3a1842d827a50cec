/**
 * The files of an exported event log, as {@code docs/event-log.md} describes them: read by replays, written and read by
 * {@code gpuctl log}. Knows no Kafka.
 *
 * <p>Nothing here is safe for use by several threads. Every failure is an {@link
 * io.gpuctl.audit.log.EventLogException} that names the file, and the line where there is one.
 */
@NullMarked
package io.gpuctl.audit.log;

import org.jspecify.annotations.NullMarked;
