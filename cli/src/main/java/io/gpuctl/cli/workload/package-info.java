/**
 * Recorded workloads on a cluster: submitting them at their times over REST, following the run in the log, and summing it
 * up.
 */
@NullMarked
package io.gpuctl.cli.workload;

import org.jspecify.annotations.NullMarked;
