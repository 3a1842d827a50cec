package io.gpuctl.events;

/** What the clock on the wall says, ms since the epoch. From any thread. */
@FunctionalInterface
public interface WallTime {
    /** This machine's clock. */
    WallTime SYSTEM = System::currentTimeMillis;

    long nowMs();
}
