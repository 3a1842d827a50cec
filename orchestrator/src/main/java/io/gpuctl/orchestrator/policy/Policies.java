package io.gpuctl.orchestrator.policy;

import io.gpuctl.events.InvalidFieldException;
import io.gpuctl.events.PolicySpec;
import io.gpuctl.events.TargetWorkload;
import io.gpuctl.orchestrator.core.Policy;
import io.gpuctl.orchestrator.core.QueueOrder;
import io.gpuctl.orchestrator.policy.PolicyDescription.Role;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;

/**
 * The policies by name. {@code ORDER+PLACEMENT}, for example {@code fifo+fgd}, combines an order and a placement; a
 * placement alone uses {@code arrival}, an order alone {@code first-fit}.
 *
 * <p>Every policy has the weight {@code shuffle_nodes}: if it is not 0, ties between nodes are broken by a permutation
 * from the seed instead of by id.
 */
public final class Policies {
    private static final PolicyWeight SHUFFLE_NODES =
            new PolicyWeight("shuffle_nodes", 0, 1, "1: ties between nodes by an order drawn from the seed, not by id");

    private static final SortedMap<String, OrderEntry> ORDERS = new TreeMap<>();
    private static final SortedMap<String, PlacementEntry> PLACEMENTS = new TreeMap<>();

    /** The parameters of a policy, with a value for each weight. */
    private record Parameters(SortedMap<String, Double> weights, long seed, TargetWorkload targetWorkload) {
        boolean isOn(PolicyWeight weight) {
            return weights.getOrDefault(weight.name(), weight.byDefault()) != 0;
        }
    }

    private record OrderEntry(PolicyDescription description, Function<Parameters, QueueOrder> constructor) {}

    private record PlacementEntry(PolicyDescription description, Function<Parameters, Scorer> constructor) {}

    static {
        order(
                new PolicyDescription(
                        "fifo",
                        Role.ORDER,
                        "by priority, then strictly by arrival: nothing overtakes",
                        "",
                        false,
                        List.of()),
                parameters -> ArrivalOrder.FIFO);
        order(
                new PolicyDescription(
                        "arrival",
                        Role.ORDER,
                        "by priority, then by arrival: what fits overtakes what does not",
                        "",
                        false,
                        List.of()),
                parameters -> ArrivalOrder.SKIPPING);
        order(
                new PolicyDescription(
                        Srtf.NAME,
                        Role.ORDER,
                        "shortest remaining time first; stops running tasks for it",
                        "Multi-Resource Interleaving, Zhao et al., SIGCOMM 2022",
                        true,
                        List.of()),
                parameters -> new Srtf());
        order(
                new PolicyDescription(
                        Srsf.NAME,
                        Role.ORDER,
                        "shortest remaining service first: time x GPUs; stops running tasks for it",
                        "Multi-Resource Interleaving, Zhao et al., SIGCOMM 2022",
                        true,
                        List.of()),
                parameters -> new Srsf());
        order(
                new PolicyDescription(
                        Tiresias.NAME,
                        Role.ORDER,
                        "least attained service first, in three queues; stops running tasks for it",
                        "Tiresias, Gu et al., NSDI 2019",
                        false,
                        Tiresias.WEIGHTS),
                parameters -> new Tiresias(parameters.weights()));
        placement(FirstFit.NAME, "the first node with room", "", List.of(), parameters -> new FirstFit());
        placement(
                Intelligent.NAME,
                "the coolest, emptiest, most idle and most frugal GPUs, by weight",
                "",
                Intelligent.WEIGHTS,
                parameters -> new Intelligent(parameters.weights()));
        placement(
                RandomFit.NAME,
                "any node with room, any GPU with room",
                "",
                List.of(),
                parameters -> new RandomFit(parameters.seed()));
        placement(
                BestFit.NAME,
                "the node with the least left",
                "Protean, Hadary et al., OSDI 2020",
                List.of(),
                parameters -> new BestFit());
        placement(
                DotProduct.NAME,
                "the node where the product of what is left and what is asked for is the smallest",
                "Tetris, Grandl et al., SIGCOMM 2014",
                List.of(),
                parameters -> new DotProduct());
        placement(
                GpuPacking.NAME,
                "GPUs in use first, then nodes in use, then idle nodes",
                "MLaaS in the Wild, Weng et al., NSDI 2022",
                List.of(),
                parameters -> new GpuPacking());
        placement(
                GpuClustering.NAME,
                "nodes that host tasks with as many GPUs",
                "Gandiva, Xiao et al., OSDI 2018",
                List.of(),
                parameters -> new GpuClustering());
        placement(
                Fgd.NAME,
                "the place where free GPUs stay the most usable for the tasks that are expected",
                "Beware of Fragmentation, Weng et al., USENIX ATC 2023",
                List.of(),
                parameters -> new Fgd(parameters.targetWorkload()));
    }

    private Policies() {}

    private static void order(PolicyDescription description, Function<Parameters, QueueOrder> constructor) {
        ORDERS.put(description.name(), new OrderEntry(description, constructor));
    }

    private static void placement(
            String name,
            String summary,
            String source,
            List<PolicyWeight> ownWeights,
            Function<Parameters, Scorer> constructor) {
        List<PolicyWeight> weights = new ArrayList<>(ownWeights);
        weights.add(SHUFFLE_NODES);
        var description = new PolicyDescription(name, Role.PLACEMENT, summary, source, false, weights);
        PLACEMENTS.put(name, new PlacementEntry(description, constructor));
    }

    /** Returns the names of orders and placements; each name alone is also a policy. */
    public static SortedSet<String> names() {
        SortedSet<String> names = new TreeSet<>(ORDERS.keySet());
        names.addAll(PLACEMENTS.keySet());
        return names;
    }

    /** Returns the descriptions of the orders, then of the placements, each sorted by name. */
    public static List<PolicyDescription> descriptions() {
        List<PolicyDescription> descriptions = new ArrayList<>();
        ORDERS.values().forEach(entry -> descriptions.add(entry.description()));
        PLACEMENTS.values().forEach(entry -> descriptions.add(entry.description()));
        return descriptions;
    }

    /**
     * Creates a policy.
     *
     * @throws InvalidFieldException if no policy has this name, or it has no such weight, or a weight is out of range
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
        OrderEntry order = ORDERS.get(orderName);
        PlacementEntry placement = PLACEMENTS.get(placementName);
        if (order == null || placement == null) {
            throw new InvalidFieldException("policy", spec.name(), "one of " + allowed());
        }
        List<PolicyWeight> weights = new ArrayList<>(order.description().weights());
        weights.addAll(placement.description().weights());
        Parameters parameters = new Parameters(weights(weights, spec), spec.seed(), spec.targetWorkload());
        NodeOrder nodeOrder = parameters.isOn(SHUFFLE_NODES) ? NodeOrder.shuffled(spec.seed()) : NodeOrder.byId();
        return new Policy(
                order.constructor().apply(parameters),
                new Spanning(new RankedPlacement(
                        placementName, placement.constructor().apply(parameters), nodeOrder)));
    }

    /** Returns the weights as set, with defaults for the others. */
    private static SortedMap<String, Double> weights(List<PolicyWeight> known, PolicySpec spec) {
        SortedMap<String, Double> values = new TreeMap<>();
        known.forEach(weight -> values.put(weight.name(), weight.byDefault()));
        for (String name : spec.weights().keySet()) {
            if (!values.containsKey(name)) {
                throw new InvalidFieldException("policy.weights", name, "one of " + String.join(", ", values.keySet()));
            }
        }
        for (PolicyWeight weight : known) {
            double value = spec.weights().getOrDefault(weight.name(), weight.byDefault());
            if (!(value >= 0 && value <= weight.max())) {
                throw new InvalidFieldException(
                        "policy.weights." + weight.name(), value, "a number from 0 to %.0f".formatted(weight.max()));
            }
            values.put(weight.name(), value);
        }
        return values;
    }

    private static String allowed() {
        return "%s, or ORDER+PLACEMENT with an order of %s and a placement of %s"
                .formatted(
                        String.join(", ", names()),
                        String.join(", ", ORDERS.keySet()),
                        String.join(", ", PLACEMENTS.keySet()));
    }
}
