package io.gpuctl.simulator.model;

/**
 * The links of a GPU, and whether it has tensor units.
 *
 * @param pcieGbPerS bandwidth of PCIe, in one direction
 * @param linkGbPerS bandwidth of NVLink or the like to the node's other GPUs, both directions together; 0: none
 */
public record Wiring(double pcieGbPerS, double linkGbPerS, boolean hasTensorUnits) {
    /** PCIe 4.0 with 16 lanes, as in A100 and L40S; used for all models. */
    public static final double PCIE_GB_PER_S = 32;

    /** The wiring of an A100. */
    static final Wiring TYPICAL = new Wiring(PCIE_GB_PER_S, 600, true);

    public Wiring {
        Rules.require(pcieGbPerS >= 0 && linkGbPerS >= 0, "links must carry at least 0 GB/s");
    }
}
