/**
 * Writes a past as OpenMetrics text: folds the facts and the telemetry of a log or of a run, samples them at a step,
 * and uses the metric names of a live cluster ({@link io.gpuctl.events.metrics.Metric},
 * {@link io.gpuctl.events.DcgmField}).
 *
 * <p>A recorder belongs to one thread. Samples are kept in a file until the end, so memory does not grow with the
 * length of a past. The same facts give the same bytes.
 */
@NullMarked
package io.gpuctl.experiments.openmetrics;

import org.jspecify.annotations.NullMarked;
