package io.gpuctl.orchestrator.policy;

import java.util.List;
import java.util.stream.Collectors;

/**
 * What people must know of an order of the queue or a placement, to choose one.
 *
 * @param name what configuration calls it
 * @param summary one line without a full stop
 * @param source the paper that it is from; empty for none
 * @param needsDurations whether it must know how long tasks will run
 * @param weights what may be set for it
 */
public record PolicyDescription(
        String name, Role role, String summary, String source, boolean needsDurations, List<PolicyWeight> weights) {
    /** Which half of a policy it is. */
    public enum Role {
        ORDER,
        PLACEMENT
    }

    public PolicyDescription {
        weights = List.copyOf(weights);
    }

    /** All but the name, for a list: {@code strict order of arrival. Weights: a=1, b=0.5.}. */
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
