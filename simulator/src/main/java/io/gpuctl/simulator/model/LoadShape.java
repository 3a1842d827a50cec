package io.gpuctl.simulator.model;

import io.gpuctl.events.LoadProfile;

/**
 * The shape of a load profile over time, and its load on the units of a GPU. All figures are estimates, of the order of
 * published measurements; {@code docs/gpu-model.md} names the sources.
 *
 * @param cycleMs length of a cycle, a stretch of high load and then one of low load; 0: constant load
 * @param busyMin smallest share of a cycle with high load
 * @param busyMax largest share of a cycle with high load
 * @param lowMin lowest load of the low stretch, as a share of the task's mean load
 * @param lowMax highest load of the low stretch
 * @param dayAmplitude amplitude of the load over a day, as a share of the mean
 * @param units load on the GPU's units at full load
 */
record LoadShape(
        long cycleMs, double busyMin, double busyMax, double lowMin, double lowMax, double dayAmplitude, Units units) {
    /**
     * The load of a task with utilization 1 on each unit.
     *
     * @param power share of the dynamic power, from measurements: 220 of 300 W for ResNet-50 on a V100 and 165 of 250 W
     *     on a P100 (You et al., "Zeus", NSDI 2023), 291 of 400 W for inference of a large language model on an A100
     * @param memory load on the memory, relative to a steady task
     * @param sm share of multiprocessors with work
     * @param tensor share of cycles in which the tensor units work, on a GPU that has them
     * @param pcie share of the PCIe bandwidth in one direction
     * @param link share of the bandwidth of the links between GPUs, for a task on several GPUs of a node
     */
    record Units(double power, double memory, double sm, double tensor, double pcie, double link) {}

    private static final LoadShape STEADY = new LoadShape(0, 1, 1, 1, 1, 0, new Units(1, 1, 0.8, 0.3, 0.05, 0.3));
    private static final LoadShape TRAINING_LARGE =
            new LoadShape(600_000, 0.96, 0.99, 0.2, 0.4, 0, new Units(0.9, 0.9, 0.85, 0.45, 0.03, 0.4));
    private static final LoadShape TRAINING_SMALL =
            new LoadShape(300_000, 0.75, 0.9, 0.3, 0.6, 0, new Units(0.65, 0.7, 0.7, 0.25, 0.1, 0.15));
    private static final LoadShape INFERENCE =
            new LoadShape(300_000, 0.3, 0.7, 0.4, 0.8, 0.4, new Units(0.75, 1, 0.5, 0.15, 0.05, 0.1));
    private static final LoadShape NOTEBOOK =
            new LoadShape(600_000, 0.05, 0.25, 0, 0.05, 0, new Units(0.5, 0.6, 0.5, 0.1, 0.05, 0.1));

    static LoadShape of(LoadProfile profile) {
        return switch (profile) {
            case STEADY -> STEADY;
            case TRAINING_LARGE -> TRAINING_LARGE;
            case TRAINING_SMALL -> TRAINING_SMALL;
            case INFERENCE -> INFERENCE;
            case NOTEBOOK -> NOTEBOOK;
        };
    }
}
