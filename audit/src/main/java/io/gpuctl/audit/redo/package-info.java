/**
 * Recorded logs, done over: {@link io.gpuctl.audit.redo.LogReplay} makes every decision in a log again with the
 * orchestrator's own core, and compares facts and stored state with those recorded.
 *
 * <p>One thread. Reads files through {@link io.gpuctl.audit.log}, and looks at no clock.
 */
@NullMarked
package io.gpuctl.audit.redo;

import org.jspecify.annotations.NullMarked;
