package io.gpuctl.cli.chaos.client;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One thing that a client wanted to be a task, with every answer to it. A client that repeats a request repeats the same claim;
 * two claims of one task id compete for it. Thread-safe.
 */
final class Claim {
    /** No answer came: the connection broke, or time ran out. */
    static final int NO_ANSWER = 0;

    /** Found again in the task: no two claims have the same. */
    final String user;

    /** Null if an Idempotency-Key chooses it. */
    final @Nullable String taskId;

    final Body body;
    private final List<Integer> answers = new ArrayList<>(1);
    private int unanswered;

    /**
     * What was submitted.
     *
     * @param gpuMilli thousandths of GPUs in total
     * @param json as sent
     * @param isLegal whether it may be answered with 201
     */
    record Body(int gpuMilli, long durationMs, String priority, String json, boolean isLegal) {}

    Claim(String user, @Nullable String taskId, Body body) {
        this.user = user;
        this.taskId = taskId;
        this.body = body;
    }

    synchronized void asked() {
        unanswered++;
    }

    synchronized void answered(int status) {
        unanswered--;
        answers.add(status);
    }

    synchronized boolean isAcknowledged() {
        return answers.contains(201);
    }

    /** Whether the cluster may have taken it without saying so: no answer, or one that leaves it open. */
    synchronized boolean isInDoubt() {
        return !isAcknowledged()
                && (unanswered > 0 || answers.stream().anyMatch(status -> status == NO_ANSWER || status >= 500));
    }

    synchronized List<Integer> answers() {
        return List.copyOf(answers);
    }

    @Override
    public String toString() {
        return "task %s of user %s, answered %s".formatted(taskId, user, answers());
    }
}
