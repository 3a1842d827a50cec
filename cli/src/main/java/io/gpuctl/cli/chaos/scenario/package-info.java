/**
 * The faults: each scenario sends, breaks or floods something, and says which guarantees must hold afterwards.
 * Scenarios use only the cluster's processes and its public interfaces.
 */
@NullMarked
package io.gpuctl.cli.chaos.scenario;

import org.jspecify.annotations.NullMarked;
