/** What a process without an API tells Prometheus and a supervisor, and what an embedded broker tells of itself. */
@NullMarked
package io.gpuctl.cli.metrics;

import org.jspecify.annotations.NullMarked;
