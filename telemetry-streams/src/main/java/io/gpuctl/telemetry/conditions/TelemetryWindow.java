package io.gpuctl.telemetry.conditions;

/**
 * Telemetry of a node's GPUs over ten seconds of cluster time. At a high cluster speed, a window may have a single
 * sample, and most windows are missing.
 *
 * @param startMs ms of cluster time, a multiple of {@link TelemetryWindows#SIZE_MS}
 * @param samples number of telemetry records in the window
 * @param meanUtilization over samples and GPUs, 0 to 1
 * @param meanPowerWatts of all GPUs of the node together
 * @param maxPowerWatts of all GPUs of the node together
 * @param meanTemperatureCelsius over samples and GPUs
 * @param maxTemperatureCelsius of the hottest GPU
 * @param throttledShare share of the GPU samples with a clock lowered by heat, 0 to 1
 */
public record TelemetryWindow(
        long startMs,
        int samples,
        double meanUtilization,
        double meanPowerWatts,
        double maxPowerWatts,
        double meanTemperatureCelsius,
        double maxTemperatureCelsius,
        double throttledShare) {}
