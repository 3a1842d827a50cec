/**
 * A client with a ledger: it submits and cancels tasks continuously during faults, and records every request and every
 * answer. At the end, the ledger shows whether the cluster kept its guarantees.
 */
@NullMarked
package io.gpuctl.cli.chaos.client;

import org.jspecify.annotations.NullMarked;
