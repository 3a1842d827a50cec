package io.gpuctl.telemetry.views;

import io.gpuctl.events.Allocation;
import io.gpuctl.events.AttemptId;

/**
 * An attempt that holds something on a node.
 *
 * @param over whether the orchestrator has ended the attempt, because its node was lost or another node of its gang
 *     failed, but this node has not confirmed it: until then its GPUs stay allocated
 */
public record RunningTask(AttemptId attempt, Allocation allocation, boolean over) {}
