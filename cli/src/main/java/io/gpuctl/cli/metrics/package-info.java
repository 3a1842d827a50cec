/** The metrics and the health that a process without an API exposes, and the metrics of an embedded broker. */
@NullMarked
package io.gpuctl.cli.metrics;

import org.jspecify.annotations.NullMarked;
