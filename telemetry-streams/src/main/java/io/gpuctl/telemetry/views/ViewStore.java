package io.gpuctl.telemetry.views;

import io.gpuctl.events.AttemptId;
import io.gpuctl.events.Fact;
import io.gpuctl.events.NodeId;
import io.gpuctl.events.PoolId;
import io.gpuctl.events.TaskId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Stores the views of a fold, in Kafka's state stores or in memory. For one thread only. */
public interface ViewStore {
    @Nullable
    TaskView task(TaskId taskId);

    void putTask(TaskView view);

    void removeTask(TaskId taskId);

    @Nullable
    NodeRecord node(NodeId nodeId);

    void putNode(NodeRecord node);

    /** Reads all nodes; slow, for one-time work. */
    List<NodeRecord> allNodes();

    /** Returns the attempts that hold something on a node, by attempt. */
    List<RunningTask> holds(NodeId nodeId);

    /** Returns null if the attempt holds nothing on the node. */
    @Nullable
    RunningTask hold(NodeId nodeId, AttemptId attempt);

    void putHold(NodeId nodeId, RunningTask hold);

    void removeHold(NodeId nodeId, AttemptId attempt);

    @Nullable
    PoolView pool(PoolId pool);

    void putPool(PoolView view);

    @Nullable
    UserView user(UserCursor user);

    void putUser(UserView view);

    void removeUser(UserCursor user);

    /** Reads all users of a pool; slow, for rare work. */
    List<UserView> users(PoolId pool);

    /** See {@link TaskIndex}. */
    void putIndexKey(String key);

    void removeIndexKey(String key);

    /** Returns the first {@code limit} keys of the index from {@code from} (inclusive) to {@code to} (exclusive). */
    List<String> indexKeys(String from, String to, int limit);

    void appendHistory(TaskId taskId, Fact fact);

    void removeHistory(TaskId taskId);

    /** Returns the number of facts kept of the node so far, including those removed one by one. */
    long nodeFactsEver(NodeId nodeId);

    /**
     * Keeps a fact of the node's history.
     *
     * @param number of entries kept before
     */
    void putNodeFact(NodeId nodeId, long number, Fact fact);

    /** Removes a fact of the node's history; does nothing if there is none with this number. */
    void removeNodeFact(NodeId nodeId, long number);

    /** Removes the node's history; its facts are counted from 0 again. */
    void removeNodeHistory(NodeId nodeId);

    /** Returns the pool that may use a task id; null if no pool has claimed it, or the claim is no longer kept. */
    @Nullable
    PoolId claimant(TaskId taskId);

    /**
     * Keeps a claim.
     *
     * @param number of entries kept before
     */
    void putClaim(long number, TaskId taskId, PoolId claimant);

    /** Removes a claim; does nothing if there is none with this number. */
    void removeClaim(long number);

    /** Returns a {@link Position}; -1 if there is none yet. */
    long position(Position position, int partition);

    void putPosition(Position position, int partition, long offset);

    /** The progress of the views in {@code task-commands}. */
    enum Position {
        /** The last processed command. */
        COMMANDS_SEEN,
        /** The last command that caused a processed fact: the orchestrator has decided all commands up to it. */
        COMMANDS_DECIDED,
        /** The number of the last kept claim, from 0. */
        IDS_CLAIMED
    }
}
