/**
 * {@code gpuctl replay}: decides a recorded log over, which {@code io.gpuctl.audit.redo} does, or runs what was recorded
 * under another policy, which {@code io.gpuctl.experiments.whatif} does. No Kafka is needed. One thread.
 */
@NullMarked
package io.gpuctl.cli.replay;

import org.jspecify.annotations.NullMarked;
