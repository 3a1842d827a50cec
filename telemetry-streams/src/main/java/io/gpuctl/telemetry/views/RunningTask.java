package io.gpuctl.telemetry.views;

import io.gpuctl.events.Allocation;
import io.gpuctl.events.AttemptId;

/**
 * An attempt that holds something on a node.
 *
 * @param over whether the attempt has ended by the orchestrator's book, because its node was lost or another node of its
 *     gang failed, and only the node's own word is missing: until then nobody gets its GPUs
 */
public record RunningTask(AttemptId attempt, Allocation allocation, boolean over) {}
