/**
 * The report of an experiment: one HTML page that needs nothing else, its plots drawn as SVG. A pure function of the
 * summarised runs: no file, no clock, no script in the page.
 */
@NullMarked
package io.gpuctl.experiments.result.report;

import org.jspecify.annotations.NullMarked;
