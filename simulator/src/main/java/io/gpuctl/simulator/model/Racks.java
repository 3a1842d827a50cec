package io.gpuctl.simulator.model;

import io.gpuctl.events.NodeInventory;
import io.gpuctl.events.PoolId;
import java.util.LinkedHashMap;
import java.util.Map;

/** The racks of a process, by pool and name. A node whose inventory names none stands alone. */
public final class Racks {
    private final Map<Name, Rack> racks = new LinkedHashMap<>();

    private record Name(PoolId pool, String rack) {}

    /** To be called when a node starts, before anything runs on it. */
    public void add(NodeModel node, long atMs) {
        NodeInventory inventory = node.inventory();
        if (!inventory.rack().isEmpty() && inventory.gpuCount() > 0) {
            node.join(racks.computeIfAbsent(new Name(inventory.pool(), inventory.rack()), _ -> new Rack()), atMs);
        }
    }
}
