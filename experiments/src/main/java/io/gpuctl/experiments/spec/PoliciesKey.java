package io.gpuctl.experiments.spec;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.gpuctl.events.InvalidFieldException;
import io.gpuctl.events.TargetWorkload;
import io.gpuctl.events.units.Decimals;
import io.gpuctl.events.units.PlainText;
import io.gpuctl.experiments.published.MuriRun;
import io.gpuctl.experiments.spec.Experiment.Kind;
import io.gpuctl.orchestrator.policy.Policies;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.SortedMap;
import java.util.TreeMap;

/** Reads the key {@code policies}: a list of names, or of groups with a name and weights. */
final class PoliciesKey {
    private static final String KEY = "policies";

    private final Section root;

    PoliciesKey(Section root) {
        this.root = root;
    }

    List<PolicyChoice> policies(Kind kind) {
        List<JsonNode> entries =
                root.list(KEY).orElseThrow(() -> root.wrong(KEY, "a list of policies, such as [fifo, fgd]"));
        return entries.stream().map(entry -> policy(entry, kind)).toList();
    }

    private static PolicyChoice policy(JsonNode entry, Kind kind) {
        PolicyChoice choice = entry instanceof ObjectNode group ? withWeights(group) : named(entry.asText());
        if (kind == Kind.ROUNDS) {
            requireOrder(choice);
        } else {
            requirePolicy(choice);
        }
        return choice;
    }

    private static void requirePolicy(PolicyChoice choice) {
        try {
            Policies.create(choice.spec(0, TargetWorkload.EMPTY));
        } catch (InvalidFieldException e) {
            throw new ExperimentFileException("%s: %s is %s, but must be %s%s"
                    .formatted(
                            KEY,
                            e.field(),
                            e.value(),
                            e.allowed(),
                            Section.suggestion(choice.name(), Policies.names())));
        }
    }

    private static void requireOrder(PolicyChoice choice) {
        List<String> orders = Arrays.stream(MuriRun.Order.values())
                .map(order -> order.name().toLowerCase(Locale.ROOT))
                .toList();
        if (!orders.contains(choice.name()) || !choice.weights().isEmpty()) {
            throw ExperimentFileException.of(
                    KEY, "'" + choice.label() + "' with kind: rounds", Section.oneOf(choice.name(), orders));
        }
    }

    private static PolicyChoice named(String name) {
        return new PolicyChoice(name, new TreeMap<>());
    }

    private static PolicyChoice withWeights(ObjectNode group) {
        Section section = new Section(KEY, group);
        String name = section.requiredText("name", "a policy's name");
        SortedMap<String, Double> weights = new TreeMap<>();
        section.section("weights")
                .ifPresent(given -> given.texts().forEach((key, text) -> {
                    BigDecimal weight = Decimals.parse(text)
                            .orElseThrow(() -> ExperimentFileException.of(
                                    given.nameOf(key), "'" + PlainText.quoted(text) + "'", "a number"));
                    weights.put(key, weight.doubleValue());
                }));
        section.requireNoOthers();
        return new PolicyChoice(name, weights);
    }
}
