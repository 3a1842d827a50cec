package io.gpuctl.telemetry.views;

import com.fasterxml.jackson.annotation.JsonInclude;

/**
 * What a node last said to be broken.
 *
 * @param gpu index of the GPU, -1 if it is the node
 * @param xid number of the driver error, 0 if it was none
 * @param atMs ms of cluster time
 */
public record NodeFault(
        String kind,
        int gpu,
        String detail,
        @JsonInclude(JsonInclude.Include.NON_DEFAULT) int xid,
        long atMs) {}
