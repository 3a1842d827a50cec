package io.gpuctl.simulator.model;

/** What heat has done to a GPU's clock. */
public enum Slowdown {
    /** Nothing. */
    NONE,
    /** Software has lowered it to where heat holds. */
    SOFTWARE,
    /** Hardware has halved what software left of it. */
    HARDWARE
}
