package io.gpuctl.simulator.runtime;

import io.gpuctl.events.NodeCommand;
import io.gpuctl.events.NodeEvent;
import io.gpuctl.events.NodeId;
import io.gpuctl.events.NodeInventory;
import io.gpuctl.events.TaskReport;
import io.gpuctl.simulator.host.Mail;
import io.gpuctl.simulator.model.SuspendedNode;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * The state that a simulator needs to resume its nodes after an ordered stop: see {@link SuspensionFile}. Times are as
 * in {@link SuspendedNode}.
 *
 * @param clusterId id of the Kafka cluster of the offsets
 * @param offsets next positions in the topics of commands and fault injections
 * @param faultsSinceMs time from which faults have been drawn
 * @param unsentEvents events that Kafka had not confirmed when the nodes stopped
 * @param unsentReports the same for reports on attempts
 */
record Suspension(
        int version,
        String clusterId,
        List<Offset> offsets,
        long faultsSinceMs,
        List<NodeEvent> unsentEvents,
        List<TaskReport> unsentReports,
        List<Host> hosts) {
    /** Increase this when an older simulator would misread a newer file, or the reverse. */
    static final int VERSION = 1;

    Suspension {
        offsets = List.copyOf(offsets);
        unsentEvents = List.copyOf(unsentEvents);
        unsentReports = List.copyOf(unsentReports);
        hosts = List.copyOf(hosts);
    }

    record Offset(String topic, int partition, long offset) {}

    /**
     * One node.
     *
     * @param model null if the node was down
     * @param outageEndsMs when a crashed node restarts, or a node that is cut off reconnects
     * @param unsaidEvents events that a node that is cut off will send
     * @param missed commands that the node will receive
     */
    record Host(
            NodeInventory inventory,
            long incarnation,
            @Nullable SuspendedNode model,
            boolean cutOff,
            long outageEndsMs,
            List<NodeEvent> unsaidEvents,
            List<TaskReport> unsaid,
            List<NodeCommand> missed) {
        Host {
            unsaidEvents = List.copyOf(unsaidEvents);
            unsaid = List.copyOf(unsaid);
            missed = List.copyOf(missed);
        }

        Mail mail() {
            return new Mail(unsaidEvents, unsaid, missed);
        }
    }

    Map<TopicPartition, Long> offsetsByPartition() {
        Map<TopicPartition, Long> byPartition = new HashMap<>();
        offsets.forEach(at -> byPartition.put(new TopicPartition(at.topic(), at.partition()), at.offset()));
        return byPartition;
    }

    /** The state in which a simulator begins, with or without suspended nodes. */
    static final class Beginning {
        private final long atMs;
        private final @Nullable Suspension suspended;
        private final Map<NodeId, Host> hosts = new HashMap<>();

        /** @param atMs time at which the node models begin */
        Beginning(long atMs, @Nullable Suspension suspended) {
            this.atMs = atMs;
            this.suspended = suspended;
            hosts().forEach(host -> hosts.put(host.inventory().nodeId(), host));
        }

        long atMs() {
            return atMs;
        }

        long faultsSinceMs() {
            return suspended == null ? atMs : atMs + suspended.faultsSinceMs();
        }

        List<Host> hosts() {
            return suspended == null ? List.of() : suspended.hosts();
        }

        /** Returns the state to resume the node from; null if it starts anew, as after a change of its inventory. */
        @Nullable
        Host hostOf(NodeInventory inventory) {
            Host host = hosts.get(inventory.nodeId());
            return host != null && host.inventory().equals(inventory) ? host : null;
        }

        /** Returns the incarnation of the node's last start; 0 if unknown. */
        long lastIncarnation(NodeId nodeId) {
            Host host = hosts.get(nodeId);
            return host == null ? 0 : host.incarnation();
        }

        List<NodeEvent> unsentEvents() {
            return suspended == null ? List.of() : suspended.unsentEvents();
        }

        List<TaskReport> unsentReports() {
            return suspended == null ? List.of() : suspended.unsentReports();
        }
    }
}
