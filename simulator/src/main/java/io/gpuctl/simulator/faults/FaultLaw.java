package io.gpuctl.simulator.faults;

import io.gpuctl.events.FaultKind;
import io.gpuctl.events.InvalidFieldException;
import io.gpuctl.events.Xid;

/**
 * The frequency of one kind of fault on each GPU or on each node, and the time that the repair takes.
 *
 * @param xid NVIDIA's error number; 0 for every kind but {@link FaultKind#XID}
 * @param factorMin for a straggler, the smallest share of its pace that is left
 * @param factorMax the largest share; drawn uniformly between the two
 * @param victims which GPUs the fault hits, and how evenly
 */
public record FaultLaw(
        FaultKind kind,
        int xid,
        FailureLaw failure,
        RepairLaw repair,
        double factorMin,
        double factorMax,
        Victims victims) {
    public FaultLaw {
        if (kind == FaultKind.XID && (xid < 1 || xid > Xid.ASKED_MAX)) {
            throw new InvalidFieldException("xid", xid, "a number from 1 to " + Xid.ASKED_MAX);
        }
        if (kind != FaultKind.XID && xid != 0) {
            throw new InvalidFieldException("xid", xid, "absent unless kind is xid");
        }
        FaultRules.inRange("factor_min", factorMin, 0.01, 1);
        FaultRules.inRange("factor_max", factorMax, factorMin, 1);
        if (!isOfGpu(kind) && !new Victims(victims.gpuModel(), 0, 0, 0, 0, 0).equals(victims)) {
            throw new InvalidFieldException(
                    "kind", kind, "a fault of GPUs: lemon, peer and heat fields do not apply to faults of whole nodes");
        }
    }

    /** A law without a factor that hits all GPUs alike. */
    public FaultLaw(FaultKind kind, int xid, FailureLaw failure, RepairLaw repair) {
        this(kind, xid, failure, repair, 1, 1, Victims.ALIKE);
    }

    /** Returns whether the fault hits each GPU separately, rather than the node as a whole. */
    public boolean isOfGpu() {
        return isOfGpu(kind);
    }

    private static boolean isOfGpu(FaultKind kind) {
        return switch (kind) {
            case XID, THERMAL_SHUTDOWN, ECC_SINGLE_BIT -> true;
            case NODE_CRASH, PARTITION, STRAGGLER -> false;
        };
    }

    /** Returns the name of the law's source of random numbers, which is unique among the laws of one node. */
    String name() {
        return xid == 0 ? kind.name() : kind.name() + xid;
    }

    boolean isOf(FaultKind itsKind, int itsXid) {
        return kind == itsKind && xid == itsXid;
    }

    /** Returns whether both laws are for the same fault of the same GPUs. */
    boolean isInPlaceOf(FaultLaw other) {
        return isOf(other.kind, other.xid) && victims.gpuModel().equals(other.victims.gpuModel());
    }

    FaultLaw scaled(double scale) {
        return new FaultLaw(kind, xid, failure.scaled(scale), repair, factorMin, factorMax, victims);
    }
}
