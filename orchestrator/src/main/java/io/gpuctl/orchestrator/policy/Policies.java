package io.gpuctl.orchestrator.policy;

import io.gpuctl.events.InvalidFieldException;
import io.gpuctl.events.PolicySpec;
import io.gpuctl.orchestrator.core.Policy;
import java.util.Collections;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;

/** The policies by name. */
public final class Policies {
    private static final SortedMap<String, Function<PolicySpec, Policy>> BY_NAME = new TreeMap<>();

    static {
        BY_NAME.put(Fifo.NAME, Fifo::new);
        BY_NAME.put(Intelligent.NAME, Intelligent::new);
    }

    private Policies() {}

    public static SortedSet<String> names() {
        return Collections.unmodifiableSortedSet(new TreeSet<>(BY_NAME.keySet()));
    }

    /**
     * Makes a policy.
     *
     * @throws InvalidFieldException if there is none of that name, or it has no such weight
     */
    public static Policy create(PolicySpec spec) {
        Function<PolicySpec, Policy> constructor = BY_NAME.get(spec.name());
        if (constructor == null) {
            throw new InvalidFieldException("policy", spec.name(), "one of " + String.join(", ", names()));
        }
        return constructor.apply(spec);
    }
}
