/** What a process without an API exposes to Prometheus and to a supervisor, and the metrics of an embedded broker. */
@NullMarked
package io.gpuctl.cli.metrics;

import org.jspecify.annotations.NullMarked;
