package io.gpuctl.simulator.model;

/**
 * What the GPUs of a node have drawn since it started, in millionths of a joule. The sum of what attempts drew and of
 * idling is that of all GPUs, without rest.
 *
 * @param gpus all of them
 * @param attempts what attempts drew, those that run and those that have ended
 * @param idle power of what no attempt holds
 */
public record NodeEnergy(long gpus, long attempts, long idle) {}
