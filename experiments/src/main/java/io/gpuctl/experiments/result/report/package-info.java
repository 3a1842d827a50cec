/**
 * The report of an experiment: one self-contained HTML page with plots in SVG and without scripts. A pure function of
 * the summarised runs: uses no files and no clock.
 */
@NullMarked
package io.gpuctl.experiments.result.report;

import org.jspecify.annotations.NullMarked;
