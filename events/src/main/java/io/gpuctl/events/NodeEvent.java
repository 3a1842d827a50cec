package io.gpuctl.events;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.util.List;

/** What a node says of itself. Topic {@code node-events}, written by nodes. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({
    @JsonSubTypes.Type(value = NodeEvent.Registered.class, name = "registered"),
    @JsonSubTypes.Type(value = NodeEvent.Heartbeat.class, name = "heartbeat"),
    @JsonSubTypes.Type(value = NodeEvent.Faulted.class, name = "faulted"),
    @JsonSubTypes.Type(value = NodeEvent.ShutDown.class, name = "shut_down"),
})
public sealed interface NodeEvent extends PoolScoped {
    NodeId nodeId();

    /** Which start of the node speaks: grows each time the node starts anew, with nothing running on it. */
    long incarnation();

    /** When the node said it, ms of cluster time. */
    long atMs();

    /** The node has started, and runs nothing. Its first word, and repeated until it gets an answer. */
    record Registered(NodeInventory inventory, long incarnation, long atMs) implements NodeEvent {
        public Registered {
            Check.present("inventory", inventory);
        }

        @Override
        public NodeId nodeId() {
            return inventory.nodeId();
        }

        @Override
        public PoolId pool() {
            return inventory.pool();
        }
    }

    /**
     * The node lives.
     *
     * @param running the attempts that it runs, and those that ended but whose report the broker has not confirmed yet;
     *     so an attempt that is missing here was either reported or never begun
     */
    record Heartbeat(PoolId pool, NodeId nodeId, long incarnation, List<AttemptId> running, long atMs)
            implements NodeEvent {
        public Heartbeat {
            Check.present("pool", pool);
            Check.present("node_id", nodeId);
            running = List.copyOf(Check.present("running", running));
        }
    }

    /**
     * Something broke.
     *
     * @param kind what, for example {@code xid}
     * @param gpu index of the GPU, -1 if it is the node
     */
    record Faulted(PoolId pool, NodeId nodeId, long incarnation, String kind, int gpu, String detail, long atMs)
            implements NodeEvent {
        public Faulted {
            Check.present("pool", pool);
            Check.present("node_id", nodeId);
            Check.identifier("kind", kind);
            Check.inRange("gpu", gpu, -1, NodeInventory.MAX_GPUS - 1);
            Check.maxLength("detail", detail, 1024);
        }
    }

    /** The node stops on purpose; nothing runs on it any more. */
    record ShutDown(PoolId pool, NodeId nodeId, long incarnation, long atMs) implements NodeEvent {
        public ShutDown {
            Check.present("pool", pool);
            Check.present("node_id", nodeId);
        }
    }
}
