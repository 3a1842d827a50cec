package io.gpuctl.cli.chaos.check;

import com.fasterxml.jackson.databind.JsonNode;
import io.gpuctl.cli.chaos.check.NodeBook.Hold;
import java.util.Map;
import java.util.TreeMap;

/** The nodes of one pool. */
final class NodeBooks {
    private final Map<String, NodeBook> nodes = new TreeMap<>();

    /** Applies a fact about a node. Returns false if this reader does not know the type of the fact. */
    boolean change(JsonNode event, String type) {
        if (type.equals("node_registered")) {
            register(event);
            return true;
        }
        JsonNode about = type.equals("node_condition_changed") ? event.path("condition") : event;
        String id = about.path("node_id").asText();
        NodeBook node = nodes.get(id);
        if (node == null && about.has("node_id")) {
            throw new IllegalStepException("node %s is not registered".formatted(id));
        }
        return node != null && change(node, event, type);
    }

    private void register(JsonNode event) {
        JsonNode inventory = event.path("inventory");
        long incarnation = event.path("incarnation").asLong();
        NodeBook node = nodes.get(inventory.path("node_id").asText());
        if (node == null) {
            node = new NodeBook(inventory.path("node_id").asText());
            nodes.put(node.id, node);
        } else if (node.incarnation == incarnation) {
            throw new IllegalStepException("node %s is already in incarnation %d".formatted(node.id, incarnation));
        }
        node.register(inventory, incarnation);
    }

    private static boolean change(NodeBook node, JsonNode event, String type) {
        switch (type) {
            case "node_suspected" -> step(node, node.state == NodeBook.State.UP, NodeBook.State.SUSPECT);
            case "node_lost" -> step(node, node.state == NodeBook.State.SUSPECT, NodeBook.State.LOST);
            case "node_recovered" ->
                step(
                        node,
                        node.state == NodeBook.State.SUSPECT || node.state == NodeBook.State.LOST,
                        NodeBook.State.UP);
            case "node_shut_down" -> {
                step(node, node.state != NodeBook.State.DOWN, NodeBook.State.DOWN);
                node.releaseAll();
            }
            case "gpu_taken_out" ->
                require(node.gpusOut.add(event.path("gpu").asInt()), "the GPU is already out of service");
            case "gpu_returned" ->
                require(node.gpusOut.remove(event.path("gpu").asInt()), "the GPU is not out of service");
            case "node_cordoned" -> node.isCordoned = true;
            case "node_uncordoned" -> {
                require(node.isCordoned, "the node is not cordoned");
                node.isCordoned = false;
            }
            case "node_drained" -> require(!node.holdsAnything(), "the node still holds attempts");
            case "allocation_released" -> {
                JsonNode attempt = event.path("attempt");
                String name = PoolBook.name(
                        attempt.path("task_id").asText(), attempt.path("number").asInt());
                require(node.release(name), "the attempt holds nothing on the node");
            }
            case "node_condition_changed", "node_faulted", "stray_stopped", "node_slow", "node_on_pace" -> {}
            default -> {
                return false;
            }
        }
        return true;
    }

    private static void step(NodeBook node, boolean isLegal, NodeBook.State next) {
        require(isLegal, "node %s is %s".formatted(node.id, node.state));
        node.state = next;
    }

    private static void require(boolean isLegal, String otherwise) {
        if (!isLegal) {
            throw new IllegalStepException(otherwise);
        }
    }

    /** Allocates resources; throws if the node may not receive the attempt, or has too little left. */
    void hold(String attempt, JsonNode allocation) {
        String id = allocation.path("node_id").asText();
        NodeBook node = nodes.get(id);
        if (node == null) {
            throw new IllegalStepException("node %s is not registered".formatted(id));
        }
        Hold hold = Hold.of(allocation);
        String unfit = node.unfitFor(hold, allocation.path("incarnation").asLong());
        String excess = node.hold(attempt, hold);
        require(unfit == null, String.valueOf(unfit));
        require(excess == null, String.valueOf(excess));
    }

    void release(String attempt, String nodeId) {
        NodeBook node = nodes.get(nodeId);
        if (node != null) {
            node.release(attempt);
        }
    }

    boolean isLost(String nodeId) {
        NodeBook node = nodes.get(nodeId);
        return node != null && node.state == NodeBook.State.LOST;
    }
}
