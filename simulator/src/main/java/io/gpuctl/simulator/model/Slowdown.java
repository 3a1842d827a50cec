package io.gpuctl.simulator.model;

/** Thermal throttling of a GPU's clock. */
public enum Slowdown {
    /** The clock is not lowered. */
    NONE,
    /** Software has lowered the clock to hold the temperature. */
    SOFTWARE,
    /** Hardware has halved the clock that software had set. */
    HARDWARE
}
