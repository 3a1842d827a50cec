package io.gpuctl.orchestrator.policy;

import java.util.List;
import java.util.stream.Collectors;

/**
 * Describes a queue order or a placement, so that people can choose one.
 *
 * @param name its name in configuration
 * @param summary one line without a full stop
 * @param source the paper that describes it; empty for none
 * @param needsDurations whether it needs the durations of tasks
 * @param weights the weights that an operator may set for it
 */
public record PolicyDescription(
        String name, Role role, String summary, String source, boolean needsDurations, List<PolicyWeight> weights) {
    /** The half of a policy that it describes. */
    public enum Role {
        ORDER,
        PLACEMENT
    }

    public PolicyDescription {
        weights = List.copyOf(weights);
    }

    /** Returns everything but the name, for a list: {@code strict order of arrival. Weights: a=1, b=0.5.}. */
    public String text() {
        StringBuilder text = new StringBuilder(summary);
        if (!source.isEmpty()) {
            text.append(" (").append(source).append(')');
        }
        text.append('.');
        if (needsDurations) {
            text.append(" Must know how long tasks will run.");
        }
        if (!weights.isEmpty()) {
            text.append(" Weights: ")
                    .append(weights.stream().map(PolicyWeight::text).collect(Collectors.joining(", ")))
                    .append('.');
        }
        return text.toString();
    }
}
