package io.gpuctl.events;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.util.List;

/** A node's report about itself. Topic {@code node-events}, written by nodes. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({
    @JsonSubTypes.Type(value = NodeEvent.Registered.class, name = "registered"),
    @JsonSubTypes.Type(value = NodeEvent.Heartbeat.class, name = "heartbeat"),
    @JsonSubTypes.Type(value = NodeEvent.Faulted.class, name = "faulted"),
    @JsonSubTypes.Type(value = NodeEvent.GpuRestored.class, name = "gpu_restored"),
    @JsonSubTypes.Type(value = NodeEvent.ShutDown.class, name = "shut_down"),
})
public sealed interface NodeEvent extends PoolInput {
    NodeId nodeId();

    /**
     * Returns the number of the node's start. It grows with each restart; nothing runs on a node that has just started.
     */
    long incarnation();

    @Override
    default String key() {
        return nodeId().value();
    }

    /**
     * The node has started and runs nothing. The node sends this event first, and repeats it until it gets an answer.
     *
     * @param afterCrash whether the node's previous start ended in a crash of the machine; false if the node does not
     *     say
     */
    record Registered(
            NodeInventory inventory,
            long incarnation,
            @JsonInclude(JsonInclude.Include.NON_DEFAULT) boolean afterCrash,
            long atMs)
            implements NodeEvent {
        public Registered {
            Check.present("inventory", inventory);
        }

        public Registered(NodeInventory inventory, long incarnation, long atMs) {
            this(inventory, incarnation, false, atMs);
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
     * The node is alive.
     *
     * @param running the running attempts, and the ended attempts whose report the broker has not confirmed yet. An
     *     attempt that is missing here was therefore reported or never started
     */
    record Heartbeat(PoolId pool, NodeId nodeId, long incarnation, List<AttemptId> running, long atMs)
            implements NodeEvent {
        /**
         * The maximum number of attempts in a heartbeat: as many as a node may hold, and as many again that have ended.
         */
        public static final int RUNNING_MAX = 2 * NodeInventory.MAX_ATTEMPTS;

        public Heartbeat {
            Check.present("pool", pool);
            Check.present("node_id", nodeId);
            running = List.copyOf(Check.maxSize("running", running, RUNNING_MAX));
        }
    }

    /**
     * The node or one of its GPUs has a fault.
     *
     * @param kind the kind of fault: {@code xid}, {@code thermal_shutdown}, ...
     * @param gpu index of the GPU; -1 for a fault of the node
     * @param xid the number of NVIDIA's driver message, see {@link XidCatalogue}; 0 if there is none
     */
    record Faulted(
            PoolId pool,
            NodeId nodeId,
            long incarnation,
            String kind,
            int gpu,
            String detail,
            @JsonInclude(JsonInclude.Include.NON_DEFAULT) int xid,
            long atMs)
            implements NodeEvent {
        /** The kind of a driver message. */
        public static final String XID = "xid";

        /** The kind of a machine that stopped without notice and has restarted. */
        public static final String NODE_CRASH = "node_crash";

        /** The kind of a GPU that became so hot that it switched itself off. */
        public static final String THERMAL_SHUTDOWN = "thermal_shutdown";

        public Faulted {
            Check.present("pool", pool);
            Check.present("node_id", nodeId);
            Check.identifier("kind", kind);
            Check.inRange("gpu", gpu, -1, NodeInventory.MAX_GPUS - 1);
            Check.maxLength("detail", detail, 1024);
            Check.inRange("xid", xid, 0, Xid.NUMBER_MAX);
        }

        public Faulted(PoolId pool, NodeId nodeId, long incarnation, String kind, int gpu, String detail, long atMs) {
            this(pool, nodeId, incarnation, kind, gpu, detail, 0, atMs);
        }
    }

    /** A GPU that was out of service works again: it was reset or replaced. */
    record GpuRestored(PoolId pool, NodeId nodeId, long incarnation, int gpu, long atMs) implements NodeEvent {
        public GpuRestored {
            Check.present("pool", pool);
            Check.present("node_id", nodeId);
            Check.inRange("gpu", gpu, 0, NodeInventory.MAX_GPUS - 1);
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
