package io.gpuctl.simulator.faults;

import io.gpuctl.events.FaultKind;
import io.gpuctl.events.InvalidFieldException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The fault laws in force: at most one for each kind of fault, XID and GPU model. If several laws match a node's model,
 * the one with the longest model name applies. Without laws, nothing ever breaks.
 */
public record FaultLaws(List<FaultLaw> all) {
    public static final FaultLaws OFF = new FaultLaws(List.of());

    public FaultLaws {
        all = List.copyOf(all);
        for (int i = 0; i < all.size(); i++) {
            FaultLaw law = all.get(i);
            if (all.subList(0, i).stream().anyMatch(law::isInPlaceOf)) {
                throw law.kind() == FaultKind.XID
                        ? new InvalidFieldException("xid", law.xid(), "unique among the laws for one gpu_model")
                        : new InvalidFieldException("kind", law.kind(), "unique among the laws for one gpu_model");
            }
        }
    }

    public boolean isOff() {
        return all.isEmpty();
    }

    /** Returns the same laws with {@code scale} times as many faults of each kind; repairs take as long as before. */
    public FaultLaws scaled(double scale) {
        FaultRules.inRange("scale", scale, 1e-6, 1e6);
        return new FaultLaws(all.stream().map(law -> law.scaled(scale)).toList());
    }

    /** Returns these laws and {@code others}, which replace laws for the same fault of the same GPUs. */
    public FaultLaws with(FaultLaws others) {
        return new FaultLaws(Stream.concat(
                        all.stream().filter(law -> others.all.stream().noneMatch(law::isInPlaceOf)),
                        others.all.stream())
                .toList());
    }

    /** Returns the laws for a node with GPUs of this model, at most one for each kind and XID. */
    public List<FaultLaw> of(String gpuModel) {
        List<FaultLaw> closest = new ArrayList<>();
        for (FaultLaw law : all) {
            if (law.victims().areOfModel(gpuModel)) {
                int known = indexOf(closest, law);
                if (known < 0) {
                    closest.add(law);
                } else if (length(law) > length(closest.get(known))) {
                    closest.set(known, law);
                }
            }
        }
        return List.copyOf(closest);
    }

    private static int indexOf(List<FaultLaw> laws, FaultLaw like) {
        for (int i = 0; i < laws.size(); i++) {
            if (laws.get(i).isOf(like.kind(), like.xid())) {
                return i;
            }
        }
        return -1;
    }

    private static int length(FaultLaw law) {
        return law.victims().gpuModel().length();
    }

    /** Returns the law of a fault for this GPU model; if there is none, that for any model. */
    public Optional<FaultLaw> law(FaultKind kind, int xid, String gpuModel) {
        return Stream.concat(of(gpuModel).stream(), all.stream())
                .filter(law -> law.isOf(kind, xid))
                .findFirst();
    }
}
