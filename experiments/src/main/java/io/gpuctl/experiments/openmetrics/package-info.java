/**
 * A past as OpenMetrics text: the facts of a log or of a run, and its telemetry, folded and sampled at a step, under the
 * names that a live cluster serves ({@link io.gpuctl.events.metrics.Metric}, {@link io.gpuctl.events.DcgmField}).
 *
 * <p>A recorder belongs to one thread. Samples are kept in a file until the end, so memory does not grow with the length of
 * a past. The same facts give the same bytes.
 */
@NullMarked
package io.gpuctl.experiments.openmetrics;

import org.jspecify.annotations.NullMarked;
