package io.gpuctl.simulator.model;

import io.gpuctl.events.LoadProfile;

/**
 * What a profile looks like, and what it asks of a GPU's units. All figures are estimates, of the order that
 * measurements of such tasks show; {@code docs/gpu-model.md} says whose.
 *
 * @param cycleMs a cycle is a stretch of high load and one of low load behind it; 0: the load does not change
 * @param busyMin shortest share of a cycle with high load
 * @param busyMax longest
 * @param lowMin least load of the low stretch, as a share of the task's mean load
 * @param lowMax highest
 * @param dayAmplitude by how much the load goes up and down with the hour
 * @param units what is done at full load
 */
record LoadShape(
        long cycleMs, double busyMin, double busyMax, double lowMin, double lowMax, double dayAmplitude, Units units) {
    /**
     * What a task at utilisation 1 asks of each.
     *
     * @param power of the GPU's dynamic power; judged by what is measured: 220 of 300 W for ResNet-50 on a V100 and 165 of 250 W
     *     on a P100 (You et al., "Zeus", NSDI 2023), 291 of 400 W for the inference of a large language model on an A100
     * @param memory of the memory, as a share of what a steady task asks of it
     * @param sm share of the multiprocessors that have work
     * @param tensor share of cycles of the tensor units, on a GPU that has some
     * @param pcie share of what PCIe carries in one direction
     * @param link share of what links between GPUs carry, for a task on several GPUs of a node
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
