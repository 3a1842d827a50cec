/**
 * Recorded logs, done over: {@link io.gpuctl.experiments.replay.LogReplay} decides everything anew and compares; {@link
 * io.gpuctl.experiments.replay.WhatIf} runs what was recorded under another policy.
 *
 * <p>One thread. Reads files through {@link io.gpuctl.audit.log}, and looks at no clock.
 */
@NullMarked
package io.gpuctl.experiments.replay;

import org.jspecify.annotations.NullMarked;
