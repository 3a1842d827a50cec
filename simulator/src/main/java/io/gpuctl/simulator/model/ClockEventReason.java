package io.gpuctl.simulator.model;

import io.gpuctl.events.NodeTelemetry.Clocks;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Why a GPU's clock is below its highest: NVML's {@code nvmlClocksEventReason...}, those that the model knows. */
public enum ClockEventReason {
    /** Nothing runs. */
    GPU_IDLE,
    /** At this clock it would draw more than its limit. */
    SW_POWER_CAP,
    /** It is above its highest operating temperature. */
    SW_THERMAL_SLOWDOWN,
    /** Hardware has lowered the clock by half or more, whatever for. */
    HW_SLOWDOWN,
    /** Hardware has, for heat. */
    HW_THERMAL_SLOWDOWN;

    static List<ClockEventReason> of(boolean idle, boolean capped, Slowdown slowdown) {
        List<ClockEventReason> reasons = new ArrayList<>();
        if (idle) {
            reasons.add(GPU_IDLE);
        }
        if (capped) {
            reasons.add(SW_POWER_CAP);
        }
        switch (slowdown) {
            case NONE -> {}
            case SOFTWARE -> reasons.add(SW_THERMAL_SLOWDOWN);
            case HARDWARE -> {
                reasons.add(SW_THERMAL_SLOWDOWN);
                reasons.add(HW_SLOWDOWN);
                reasons.add(HW_THERMAL_SLOWDOWN);
            }
        }
        return reasons;
    }

    /** NVML's bits of the same. */
    static long bits(boolean idle, boolean capped, Slowdown slowdown) {
        long bits = (idle ? Clocks.GPU_IDLE : 0) | (capped ? Clocks.SW_POWER_CAP : 0);
        return switch (slowdown) {
            case NONE -> bits;
            case SOFTWARE -> bits | Clocks.SW_THERMAL_SLOWDOWN;
            case HARDWARE -> bits | Clocks.SW_THERMAL_SLOWDOWN | Clocks.HW_SLOWDOWN | Clocks.HW_THERMAL_SLOWDOWN;
        };
    }

    /** As NVML and DCGM write it, in lower case. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
