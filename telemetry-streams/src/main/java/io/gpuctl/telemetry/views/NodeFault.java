package io.gpuctl.telemetry.views;

import com.fasterxml.jackson.annotation.JsonInclude;

/**
 * The last fault that a node reported.
 *
 * @param gpu index of the GPU, -1 for the whole node
 * @param xid number of the driver error, 0 for another kind of fault
 * @param atMs ms of cluster time
 */
public record NodeFault(
        String kind,
        int gpu,
        String detail,
        @JsonInclude(JsonInclude.Include.NON_DEFAULT) int xid,
        long atMs) {}
