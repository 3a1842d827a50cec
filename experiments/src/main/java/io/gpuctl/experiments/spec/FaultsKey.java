package io.gpuctl.experiments.spec;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.gpuctl.events.InvalidFieldException;
import io.gpuctl.experiments.spec.Experiment.Kind;
import io.gpuctl.simulator.cluster.ClusterFileException;
import io.gpuctl.simulator.cluster.FaultsFile;
import io.gpuctl.simulator.faults.FaultFields;
import io.gpuctl.simulator.faults.FaultLaw;
import io.gpuctl.simulator.faults.FaultLaws;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Reads the key {@code faults}: off, realistic, shared-cluster, a file, a list of laws; or a group of one of these and
 * a scale.
 */
final class FaultsKey {
    private static final String FAULTS = "faults";
    private static final String LAWS = "laws";
    private static final String ALLOWED =
            "off, realistic, shared-cluster, a file, a list of laws, or a group with laws and scale";

    private final Section root;
    private final TraceFolder traces;

    FaultsKey(Section root, TraceFolder traces) {
        this.root = root;
        this.traces = traces;
    }

    FaultLaws laws(Kind kind) {
        FaultLaws laws = root.value(FAULTS).map(this::laws).orElse(FaultLaws.OFF);
        if (!laws.isOff() && kind != Kind.TRACE) {
            throw root.wrong(FAULTS, "off: faults need kind: trace");
        }
        return laws;
    }

    private FaultLaws laws(JsonNode value) {
        if (!value.isObject()) {
            return named(FAULTS, value);
        }
        Section group = root.section(FAULTS).orElseThrow();
        JsonNode laws = group.value(LAWS)
                .orElseThrow(() -> group.wrong(LAWS, "off, realistic, shared-cluster, a file or a list of laws"));
        double scale = group.positive("scale").map(BigDecimal::doubleValue).orElse(1.0);
        group.requireNoOthers();
        try {
            return named(group.nameOf(LAWS), laws).scaled(scale);
        } catch (InvalidFieldException e) {
            throw ExperimentFileException.of(group.nameOf(e.field()), e.value(), e.allowed());
        }
    }

    private FaultLaws named(String name, JsonNode value) {
        if (value.isArray()) {
            return listed(name, value);
        }
        if (value.isObject()) {
            throw ExperimentFileException.of(name, Section.shown(value), ALLOWED);
        }
        return switch (value.asText()) {
            case FaultsFile.OFF, "false" -> FaultLaws.OFF; // YAML reads off as false.
            case FaultsFile.REALISTIC -> FaultsFile.realistic();
            case FaultsFile.SHARED_CLUSTER -> FaultsFile.sharedCluster();
            case String file -> {
                try {
                    yield FaultsFile.read(traces.resolve(name, file));
                } catch (ClusterFileException e) {
                    throw new ExperimentFileException("%s: %s".formatted(name, e.getMessage()), e);
                }
            }
        };
    }

    private static FaultLaws listed(String name, JsonNode list) {
        List<FaultLaw> laws = new ArrayList<>();
        for (JsonNode item : list) {
            String itsName = "%s[%d]".formatted(name, laws.size());
            if (!(item instanceof ObjectNode group)) {
                throw ExperimentFileException.of(
                        itsName, Section.shown(item), "a law, as in {kind: node_crash, mtbf_hours: 1000}");
            }
            try {
                laws.add(FaultFields.read(field -> text(group, field)));
            } catch (InvalidFieldException e) {
                throw ExperimentFileException.of(itsName + "." + e.field(), e.value(), e.allowed());
            }
            for (var field : group.properties()) {
                if (!FaultFields.NAMES.contains(field.getKey())) {
                    throw new ExperimentFileException("%s.%s is unknown; allowed keys: %s"
                            .formatted(itsName, field.getKey(), String.join(", ", FaultFields.NAMES)));
                }
            }
        }
        try {
            return new FaultLaws(laws);
        } catch (InvalidFieldException e) {
            throw ExperimentFileException.of(name, e.value(), "different laws: this one occurs twice");
        }
    }

    private static Optional<String> text(ObjectNode group, String field) {
        JsonNode value = group.get(field);
        return value == null || value.isNull() ? Optional.empty() : Optional.of(value.asText());
    }
}
