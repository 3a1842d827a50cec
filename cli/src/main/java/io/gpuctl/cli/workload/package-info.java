/**
 * Runs recorded workloads on a cluster: submits them at their times over REST, follows the run in the log, and
 * summarizes it.
 */
@NullMarked
package io.gpuctl.cli.workload;

import org.jspecify.annotations.NullMarked;
