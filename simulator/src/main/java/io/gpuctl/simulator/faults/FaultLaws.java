package io.gpuctl.simulator.faults;

import io.gpuctl.events.FaultKind;
import io.gpuctl.events.InvalidFieldException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The laws in force, at most one for each kind of fault and XID. Without any, nothing ever breaks. */
public record FaultLaws(List<FaultLaw> all) {
    public static final FaultLaws OFF = new FaultLaws(List.of());

    public FaultLaws {
        all = List.copyOf(all);
        Set<String> names = new LinkedHashSet<>();
        for (var law : all) {
            if (!names.add(law.name())) {
                throw law.kind() == FaultKind.XID
                        ? new InvalidFieldException("xid", law.xid(), "another than further up")
                        : new InvalidFieldException("kind", law.kind(), "another than further up");
            }
        }
    }

    public boolean isOff() {
        return all.isEmpty();
    }

    /** The same laws with so many times as many faults of each kind; repairs take as long as before. */
    public FaultLaws scaled(double scale) {
        FaultRules.inRange("scale", scale, 1e-6, 1e6);
        return new FaultLaws(all.stream().map(law -> law.scaled(scale)).toList());
    }

    public Optional<FaultLaw> law(FaultKind kind, int xid) {
        return all.stream()
                .filter(law -> law.kind() == kind && law.xid() == xid)
                .findFirst();
    }
}
