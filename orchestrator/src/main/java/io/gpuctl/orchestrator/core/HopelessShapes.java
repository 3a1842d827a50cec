package io.gpuctl.orchestrator.core;

import io.gpuctl.events.NodeInventory;
import io.gpuctl.events.PendingReason;
import io.gpuctl.events.Shape;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Finds shapes that no node of the pool could ever hold. The answers are cached until the inventory of the nodes
 * changes or the cache is full; then the cache is cleared.
 */
final class HopelessShapes {
    private static final int REMEMBERED_MAX = 1_000;

    private final Map<Shape, Optional<PendingReason>> known = new LinkedHashMap<>();
    private long inventoryVersion = -1;

    /** Returns why no node could ever hold the shape; empty if a node could, or if there are no nodes yet. */
    Optional<PendingReason> reason(Shape shape, Nodes nodes) {
        if (inventoryVersion != nodes.inventoryVersion() || known.size() >= REMEMBERED_MAX) {
            known.clear();
            inventoryVersion = nodes.inventoryVersion();
        }
        return known.computeIfAbsent(shape, asked -> Optional.ofNullable(asked.neverFits(inventories(nodes))));
    }

    private static List<NodeInventory> inventories(Nodes nodes) {
        return nodes.stream().map(Node::inventory).toList();
    }
}
