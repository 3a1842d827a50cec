/**
 * What-if runs: {@link io.gpuctl.experiments.whatif.WhatIf} runs a recorded log again under another policy, in virtual
 * time, and {@link io.gpuctl.experiments.whatif.VirtualLog} writes the log of such a run.
 *
 * <p>One thread. Reads and writes files through {@link io.gpuctl.audit.log}, and reads no clock.
 */
@NullMarked
package io.gpuctl.experiments.whatif;

import org.jspecify.annotations.NullMarked;
