package io.gpuctl.events;

/** A source of wall-clock time, ms since the epoch. May be called from any thread. */
@FunctionalInterface
public interface WallTime {
    /** This machine's clock. */
    WallTime SYSTEM = System::currentTimeMillis;

    long nowMs();
}
