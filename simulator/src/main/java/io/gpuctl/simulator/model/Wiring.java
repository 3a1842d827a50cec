package io.gpuctl.simulator.model;

/**
 * What a GPU is connected with, and whether it has tensor units.
 *
 * @param pcieGbPerS of PCIe, in one direction
 * @param linkGbPerS of NVLink or the like to the other GPUs of its node, both directions together; 0 if there is none
 */
public record Wiring(double pcieGbPerS, double linkGbPerS, boolean hasTensorUnits) {
    /** PCIe 4.0 with 16 lanes, as A100 and L40S have it; the same for all models. */
    public static final double PCIE_GB_PER_S = 32;

    /** Of an A100. */
    static final Wiring TYPICAL = new Wiring(PCIE_GB_PER_S, 600, true);

    public Wiring {
        Rules.require(pcieGbPerS >= 0 && linkGbPerS >= 0, "links carry at least 0 GB/s");
    }
}
