/**
 * A client that keeps a ledger: it submits and cancels tasks without a pause, through faults, writes down every request and
 * every answer, and says at the end whether the cluster kept its word.
 */
@NullMarked
package io.gpuctl.cli.chaos.client;

import org.jspecify.annotations.NullMarked;
