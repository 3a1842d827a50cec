/**
 * {@code gpuctl chaos}: a campaign against a cluster of separate processes. Scenarios break it under load; a client's ledger,
 * {@code gpuctl verify}, a replay and an independent check of the log say whether anything was lost or done twice.
 */
@NullMarked
package io.gpuctl.cli.chaos;

import org.jspecify.annotations.NullMarked;
