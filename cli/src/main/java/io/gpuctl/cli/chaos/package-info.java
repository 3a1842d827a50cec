/**
 * {@code gpuctl chaos}: a chaos campaign against a cluster of separate processes. Scenarios inject faults under load.
 * Afterwards a client's ledger, {@code gpuctl verify}, a replay and an independent check of the log show whether
 * anything was lost or done twice.
 */
@NullMarked
package io.gpuctl.cli.chaos;

import org.jspecify.annotations.NullMarked;
