/**
 * The files of an exported event log, as {@code docs/event-log.md} describes them: replays read them, and {@code gpuctl
 * log} writes and reads them. Does not depend on Kafka.
 *
 * <p>Nothing here is thread-safe. Every failure is an {@link io.gpuctl.audit.log.EventLogException} that names the
 * file, and the line if there is one.
 */
@NullMarked
package io.gpuctl.audit.log;

import org.jspecify.annotations.NullMarked;
