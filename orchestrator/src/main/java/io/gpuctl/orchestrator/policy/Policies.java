package io.gpuctl.orchestrator.policy;

import io.gpuctl.events.InvalidFieldException;
import io.gpuctl.events.PolicySpec;
import io.gpuctl.orchestrator.core.Placement;
import io.gpuctl.orchestrator.core.Policy;
import io.gpuctl.orchestrator.core.QueueOrder;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;

/**
 * The policies by name. {@code ORDER+PLACEMENT}, for example {@code fifo+intelligent}, combines two; a placement alone
 * goes with {@code arrival}, an order alone with {@code first-fit}.
 */
public final class Policies {
    private static final SortedMap<String, Function<PolicySpec, QueueOrder>> ORDERS = new TreeMap<>();
    private static final SortedMap<String, Function<PolicySpec, Placement>> PLACEMENTS = new TreeMap<>();

    static {
        ORDERS.put(ArrivalOrder.FIFO.name(), spec -> ArrivalOrder.FIFO);
        ORDERS.put(ArrivalOrder.SKIPPING.name(), spec -> ArrivalOrder.SKIPPING);
        ORDERS.put(Srtf.NAME, spec -> new Srtf());
        ORDERS.put(Srsf.NAME, spec -> new Srsf());
        ORDERS.put(Tiresias.NAME, Tiresias::of);
        PLACEMENTS.put(FirstFit.NAME, FirstFit::new);
        PLACEMENTS.put(Intelligent.NAME, Intelligent::new);
    }

    private Policies() {}

    /** Names of orders and placements, each of which is a policy by itself. */
    public static SortedSet<String> names() {
        SortedSet<String> names = new TreeSet<>(ORDERS.keySet());
        names.addAll(PLACEMENTS.keySet());
        return names;
    }

    /**
     * Makes a policy.
     *
     * @throws InvalidFieldException if there is none of that name, or it has no such weight
     */
    public static Policy create(PolicySpec spec) {
        String name = spec.name();
        int plus = name.indexOf('+');
        if (plus >= 0) {
            return create(name.substring(0, plus), name.substring(plus + 1), spec);
        }
        return ORDERS.containsKey(name)
                ? create(name, FirstFit.NAME, spec)
                : create(ArrivalOrder.SKIPPING.name(), name, spec);
    }

    private static Policy create(String orderName, String placementName, PolicySpec spec) {
        Function<PolicySpec, QueueOrder> order = ORDERS.get(orderName);
        Function<PolicySpec, Placement> placement = PLACEMENTS.get(placementName);
        if (order == null || placement == null) {
            throw new InvalidFieldException("policy", spec.name(), "one of " + allowed());
        }
        return new Policy(order.apply(spec), placement.apply(withoutWeightsOf(orderName, spec)));
    }

    /** The specification as the placement sees it: each of the two knows its own weights only. */
    private static PolicySpec withoutWeightsOf(String orderName, PolicySpec spec) {
        if (!orderName.equals(Tiresias.NAME)) {
            return spec;
        }
        Map<String, Double> others = new TreeMap<>(spec.weights());
        Tiresias.weightNames().forEach(others::remove);
        return new PolicySpec(spec.name(), others, spec.seed());
    }

    private static String allowed() {
        return "%s, or ORDER+PLACEMENT with an order of %s and a placement of %s"
                .formatted(
                        String.join(", ", names()),
                        String.join(", ", ORDERS.keySet()),
                        String.join(", ", PLACEMENTS.keySet()));
    }
}
