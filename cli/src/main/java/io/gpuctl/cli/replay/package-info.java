/**
 * {@code gpuctl replay}: decides a recorded log over, or runs what was recorded under another policy; {@code
 * io.gpuctl.experiments.replay} does the work. No Kafka is needed. One thread.
 */
@NullMarked
package io.gpuctl.cli.replay;

import org.jspecify.annotations.NullMarked;
