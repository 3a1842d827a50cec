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
 * All that a simulator needs to let its nodes go on after an ordered stop: see {@link SuspensionFile}. Times are as in
 * {@link SuspendedNode}.
 *
 * @param clusterId of the Kafka cluster that the offsets are of
 * @param offsets where to read on in the topics of commands
 * @param faultsSinceMs since when faults have been drawn
 * @param unsentEvents what Kafka had not taken when the nodes stopped
 * @param unsentReports the same, of attempts
 */
record Suspension(
        int version,
        String clusterId,
        List<Offset> offsets,
        long faultsSinceMs,
        List<NodeEvent> unsentEvents,
        List<TaskReport> unsentReports,
        List<Host> hosts) {
    /** Raise it when an older simulator would misread a newer file, or the other way round. */
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
     * @param model null if the node had crashed
     * @param outageEndsMs when a node that has crashed starts anew, or one that is cut off is heard of again
     * @param unsaidEvents what a node that is cut off will say of itself
     * @param missed what it will be told
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

    /** Where a simulator begins: with nodes that go on, or with none. */
    static final class Beginning {
        private final long atMs;
        private final @Nullable Suspension suspended;
        private final Map<NodeId, Host> hosts = new HashMap<>();

        /** @param atMs the time of the nodes' models */
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

        /** What the node goes on from; null if it starts anew, as does one that is made of something else now. */
        @Nullable
        Host hostOf(NodeInventory inventory) {
            Host host = hosts.get(inventory.nodeId());
            return host != null && host.inventory().equals(inventory) ? host : null;
        }

        /** The incarnation of the node's last start; 0 if it is not known. */
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
