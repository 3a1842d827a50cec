package io.gpuctl.telemetry.views;

import io.gpuctl.events.AttemptId;
import io.gpuctl.events.Fact;
import io.gpuctl.events.NodeId;
import io.gpuctl.events.PoolId;
import io.gpuctl.events.TaskId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Where a fold keeps the views: Kafka's state stores, or maps in memory. One thread uses it. */
public interface ViewStore {
    @Nullable
    TaskView task(TaskId taskId);

    void putTask(TaskView view);

    void removeTask(TaskId taskId);

    @Nullable
    NodeRecord node(NodeId nodeId);

    void putNode(NodeRecord node);

    /** Reads all of them: for what is done once. */
    List<NodeRecord> allNodes();

    /** What is held on a node, by attempt. */
    List<RunningTask> holds(NodeId nodeId);

    /** Null if the attempt holds nothing there. */
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

    /** See {@link TaskIndex}. */
    void putIndexKey(String key);

    void removeIndexKey(String key);

    /** The first keys of the index from {@code from} to before {@code to}, in order, at most {@code limit}. */
    List<String> indexKeys(String from, String to, int limit);

    void appendHistory(TaskId taskId, Fact fact);

    void removeHistory(TaskId taskId);

    /** How many facts were kept of the node so far, those included that were removed one by one. */
    long nodeFactsEver(NodeId nodeId);

    /**
     * Keeps a fact of the node's history.
     *
     * @param number how many were kept before
     */
    void putNodeFact(NodeId nodeId, long number, Fact fact);

    /** Forgets a fact of the node's history; does nothing if there is none of this number. */
    void removeNodeFact(NodeId nodeId, long number);

    /** Forgets the node's history; its facts are counted from 0 again. */
    void removeNodeHistory(NodeId nodeId);

    /** The pool that may have a task of this id; null if nobody has claimed it, or long ago. */
    @Nullable
    PoolId claimant(TaskId taskId);

    /**
     * Keeps a claim.
     *
     * @param number how many were kept before
     */
    void putClaim(long number, TaskId taskId, PoolId claimant);

    /** Forgets a claim; does nothing if there is none of this number. */
    void removeClaim(long number);

    /** See {@link Position}; -1 if there is none yet. */
    long position(Position position, int partition);

    void putPosition(Position position, int partition, long offset);

    /** How far the views are in {@code task-commands}. */
    enum Position {
        /** The last command that the views have processed. */
        COMMANDS_SEEN,
        /** The last command that the facts seen so far come from: the orchestrator has decided all up to it. */
        COMMANDS_DECIDED,
        /** The number of the last claim that was kept, from 0. */
        IDS_CLAIMED
    }
}
