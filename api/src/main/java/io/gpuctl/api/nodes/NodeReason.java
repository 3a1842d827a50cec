package io.gpuctl.api.nodes;

import io.gpuctl.events.NodeTelemetry;
import io.gpuctl.events.units.Durations;
import io.gpuctl.telemetry.views.NodeUpkeep;
import io.gpuctl.telemetry.views.NodeView;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Describes why a node is not healthy, in one line for people. */
final class NodeReason {

    private NodeReason() {}

    /**
     * Returns all reasons; the reason for the node's health comes first.
     *
     * @param telemetry the current measurements of the node; null if unknown, or not looked up
     * @return null for a healthy node
     */
    static @Nullable String of(NodeView view, @Nullable NodeTelemetry telemetry, Moment moment) {
        List<String> reasons = new ArrayList<>();
        switch (view.state()) {
            case SUSPECT, LOST -> reasons.add(Durations.human(seconds(moment.silentMs(view))) + " without a heartbeat");
            case DOWN -> reasons.add("shut down");
            case UP -> {}
        }
        var cordon = view.upkeep().cordon();
        if (cordon != null) {
            reasons.add(cordon(cordon));
        }
        gpusOut(view.upkeep()).forEach(reasons::add);
        if (view.upkeep().slowReports() > 0) {
            reasons.add(slow(view.upkeep().slowReports(), telemetry));
        }
        return reasons.isEmpty() ? null : String.join("; ", reasons);
    }

    /**
     * Rounds down to seconds: fractions would only differ each time. The duration comes first in its line, so that a
     * narrow table shows it.
     */
    private static long seconds(long millis) {
        return millis / 1_000 * 1_000;
    }

    /** Returns the detail of the cordon; for an operator, who may have given no reason, also who cordoned the node. */
    private static String cordon(NodeUpkeep.Cordon cordon) {
        return switch (cordon.cause()) {
            case OPERATOR ->
                (cordon.drain() ? "drained" : "cordoned") + " by an operator"
                        + (cordon.detail().isEmpty() ? "" : ": " + cordon.detail());
            case FAULT, STRAGGLER -> cordon.detail();
        };
    }

    /** Returns the GPUs that are out of service, grouped by reason. */
    private static List<String> gpusOut(NodeUpkeep upkeep) {
        return upkeep.gpusOut().values().stream()
                .map(NodeUpkeep.GpuOut::detail)
                .distinct()
                .map(detail -> gpus(upkeep.gpusOut().entrySet().stream()
                                .filter(out -> out.getValue().detail().equals(detail))
                                .map(out -> out.getKey())
                                .toList())
                        + " out: " + detail)
                .toList();
    }

    private static String slow(int reports, @Nullable NodeTelemetry telemetry) {
        String counted = reports == 1 ? "1 report" : reports + " reports in a row";
        List<Integer> throttled = telemetry == null
                ? List.of()
                : IntStream.range(0, telemetry.gpus().size())
                        .filter(gpu -> telemetry.gpus().get(gpu).throttled())
                        .boxed()
                        .toList();
        return throttled.isEmpty()
                ? "slow in " + counted
                : "slow: %s throttled by heat (%s)".formatted(gpus(throttled), counted);
    }

    private static String gpus(List<Integer> indices) {
        return (indices.size() == 1 ? "GPU " : "GPUs ")
                + indices.stream().map(Object::toString).collect(Collectors.joining(", "));
    }
}
