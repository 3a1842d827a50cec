package io.gpuctl.experiments.engine;

import io.gpuctl.simulator.model.NodeModel;
import io.gpuctl.simulator.model.Racks;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Which nodes that are up share a rack: what happens on one warms the inlets of the others. */
final class RackMates {
    private final Racks racks = new Racks();
    private final Map<String, List<VirtualNode>> byRack = new LinkedHashMap<>();

    void join(VirtualNode node, NodeModel model, long nowMs) {
        String rack = node.inventory().rack();
        if (!rack.isEmpty()) {
            byRack.computeIfAbsent(rack, _ -> new ArrayList<>()).add(node);
            racks.add(model, nowMs);
        }
    }

    void leave(VirtualNode node, NodeModel model, long nowMs) {
        if (!node.inventory().rack().isEmpty()) {
            model.leave(nowMs);
            of(node).remove(node);
        }
    }

    /** All in the node's rack, itself too if it is up; none if it stands alone. */
    List<VirtualNode> of(VirtualNode node) {
        return byRack.getOrDefault(node.inventory().rack(), List.of());
    }
}
