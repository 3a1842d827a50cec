package io.gpuctl.cli.cluster;

import io.gpuctl.events.InvalidFieldException;
import io.gpuctl.events.PolicySpec;
import io.gpuctl.experiments.spec.NearMatch;
import io.gpuctl.orchestrator.policy.Policies;
import java.util.ArrayList;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;

/** The value of {@code --policy}. */
public final class PolicyName {
    private PolicyName() {}

    /** The names that a shell completes; ORDER+PLACEMENT is also allowed. */
    public static final class Candidates extends ArrayList<String> {
        private static final long serialVersionUID = 1L;

        Candidates() {
            super(Policies.names());
        }
    }

    /** Throws {@link ParameterException} if no policy has this name. */
    public static void requireKnown(String name, CommandLine command) {
        try {
            Policies.create(PolicySpec.named(name));
        } catch (InvalidFieldException e) {
            throw new ParameterException(
                    command,
                    "Invalid value for option '--policy': %s is not %s%s"
                            .formatted(
                                    e.value(),
                                    e.allowed(),
                                    NearMatch.of(name, Policies.names())
                                            .map(near -> ". Did you mean " + near + "?")
                                            .orElse("")));
        }
    }
}
