/**
 * The faults: each scenario is something that somebody sends, breaks or floods, and what must hold afterwards. They know the
 * cluster's processes and its public interfaces only.
 */
@NullMarked
package io.gpuctl.cli.chaos.scenario;

import org.jspecify.annotations.NullMarked;
