package io.gpuctl.simulator.model;

/**
 * The energy of a node's GPUs since the node started, in millionths of a joule. The parts of attempts and of idling add
 * up exactly to the energy of all GPUs.
 *
 * @param gpus energy of all GPUs
 * @param attempts energy of running and ended attempts
 * @param idle energy of the GPU shares that no attempt holds
 */
public record NodeEnergy(long gpus, long attempts, long idle) {}
