/**
 * Replays recorded logs: {@link io.gpuctl.audit.redo.LogReplay} makes every decision in a log again with the
 * orchestrator's own core, and compares the results with the recorded facts and stored state.
 *
 * <p>Used by one thread. Reads files through {@link io.gpuctl.audit.log}, and reads no clock.
 */
@NullMarked
package io.gpuctl.audit.redo;

import org.jspecify.annotations.NullMarked;
