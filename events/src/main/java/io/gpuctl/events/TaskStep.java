package io.gpuctl.events;

/**
 * The step of a task that an event stands for: the type of the event and, if the next state depends on a detail of the
 * event, this detail. {@link TaskLife} says in which states each step is legal, and which state follows.
 */
public enum TaskStep {
    SUBMITTED(ClusterEvent.TaskSubmitted.class, Attempt.NONE),
    REJECTED(ClusterEvent.TaskRejected.class, Attempt.NONE),
    REASON_CHANGED(ClusterEvent.PendingReasonChanged.class, Attempt.NONE),
    PLACED(ClusterEvent.TaskPlaced.class, Attempt.NEXT),
    MEMBER_STARTED(ClusterEvent.MemberStarted.class, Attempt.CURRENT),
    MEMBER_CHECKPOINTED(ClusterEvent.MemberCheckpointed.class, Attempt.CURRENT),
    MEMBER_ENDED(ClusterEvent.MemberEnded.class, Attempt.CURRENT),
    STARTED(ClusterEvent.TaskStarted.class, Attempt.CURRENT),
    CHECKPOINTED(ClusterEvent.TaskCheckpointed.class, Attempt.CURRENT),
    COMPLETED(ClusterEvent.TaskCompleted.class, Attempt.CURRENT),
    PREEMPT_REQUESTED(ClusterEvent.PreemptRequested.class, Attempt.CURRENT),
    /** The attempt ended because it was told to give up its GPUs; the task may be placed again at once. */
    GAVE_WAY(ClusterEvent.TaskRequeued.class, Attempt.CURRENT, "as requested"),
    /** The attempt ended for another reason; the task may be placed again at once. */
    REQUEUED(ClusterEvent.TaskRequeued.class, Attempt.CURRENT, "at once"),
    /** The attempt ended; the task may be placed again only after the time of the fact. */
    DELAYED(ClusterEvent.TaskRequeued.class, Attempt.CURRENT, "after a delay"),
    RETRY_DUE(ClusterEvent.RetryDue.class, Attempt.NONE),
    FAILED(ClusterEvent.TaskFailed.class, Attempt.CURRENT),
    CANCEL_REQUESTED(ClusterEvent.CancelRequested.class, Attempt.NONE),
    CANCELLED(ClusterEvent.TaskCancelled.class, Attempt.NONE);

    /** The attempt that an event must name. */
    private enum Attempt {
        /** The event is about the task as a whole. */
        NONE,
        /** The newest attempt. */
        CURRENT,
        /** The attempt after the newest. */
        NEXT
    }

    private final Class<? extends ClusterEvent.OfTask> eventType;
    private final Attempt attempt;
    private final String condition;

    TaskStep(Class<? extends ClusterEvent.OfTask> eventType, Attempt attempt) {
        this(eventType, attempt, "");
    }

    TaskStep(Class<? extends ClusterEvent.OfTask> eventType, Attempt attempt, String condition) {
        this.eventType = eventType;
        this.attempt = attempt;
        this.condition = condition;
    }

    /**
     * Returns the step that an event stands for.
     *
     * @param atMs the time of the fact, ms of cluster time
     */
    public static TaskStep of(ClusterEvent.OfTask event, long atMs) {
        return switch (event) {
            case ClusterEvent.TaskSubmitted _ -> SUBMITTED;
            case ClusterEvent.TaskRejected _ -> REJECTED;
            case ClusterEvent.PendingReasonChanged _ -> REASON_CHANGED;
            case ClusterEvent.TaskPlaced _ -> PLACED;
            case ClusterEvent.TaskStarted _ -> STARTED;
            case ClusterEvent.MemberStarted _ -> MEMBER_STARTED;
            case ClusterEvent.MemberCheckpointed _ -> MEMBER_CHECKPOINTED;
            case ClusterEvent.MemberEnded _ -> MEMBER_ENDED;
            case ClusterEvent.TaskCheckpointed _ -> CHECKPOINTED;
            case ClusterEvent.TaskCompleted _ -> COMPLETED;
            case ClusterEvent.PreemptRequested _ -> PREEMPT_REQUESTED;
            case ClusterEvent.TaskRequeued requeued -> ofRequeue(requeued.reason(), requeued.eligibleAtMs(), atMs);
            case ClusterEvent.RetryDue _ -> RETRY_DUE;
            case ClusterEvent.TaskFailed _ -> FAILED;
            case ClusterEvent.CancelRequested _ -> CANCEL_REQUESTED;
            case ClusterEvent.TaskCancelled _ -> CANCELLED;
        };
    }

    /**
     * Returns the step of a {@link ClusterEvent.TaskRequeued} with these fields, in a fact of the time {@code atMs}.
     */
    public static TaskStep ofRequeue(EndReason reason, long eligibleAtMs, long atMs) {
        if (eligibleAtMs > atMs) {
            return DELAYED;
        }
        return reason.wasRequested() ? GAVE_WAY : REQUEUED;
    }

    /** Returns the type of the events for this step. Several steps of one type differ in {@link #condition}. */
    public Class<? extends ClusterEvent.OfTask> eventType() {
        return eventType;
    }

    /** Returns the condition that an event must meet for this step, in words; empty if there is none. */
    public String condition() {
        return condition;
    }

    /**
     * Returns whether the event names the right attempt.
     *
     * @param newest number of the task's newest attempt, 0 before the first
     * @param named {@link ClusterEvent.OfTask#attempt}
     */
    public boolean fits(int newest, int named) {
        return switch (attempt) {
            case NONE -> true;
            case CURRENT -> named == newest;
            case NEXT -> named == newest + 1;
        };
    }

    /** Returns the text for a table, for example {@code task_requeued (at once)}. */
    @Override
    public String toString() {
        String type = FactTypes.name(eventType);
        return condition.isEmpty() ? type : "%s (%s)".formatted(type, condition);
    }
}
