package io.gpuctl.telemetry.core;

/**
 * What a node last said to be broken.
 *
 * @param gpu index of the GPU, -1 if it is the node
 * @param atMs ms of cluster time
 */
public record NodeFault(String kind, int gpu, String detail, long atMs) {}
