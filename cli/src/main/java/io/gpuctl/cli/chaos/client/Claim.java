package io.gpuctl.cli.chaos.client;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A submission with all answers to it. A client that repeats a request repeats the same claim; two claims with one task
 * id compete for it. Thread-safe.
 */
final class Claim {
    /** No answer arrived: the connection broke, or the request timed out. */
    static final int NO_ANSWER = 0;

    /** Identifies the claim in its task: no two claims have the same user. */
    final String user;

    /** The task id in the submission; null if the id is derived from an Idempotency-Key. */
    final @Nullable String taskId;

    final Body body;
    private final List<Integer> answers = new ArrayList<>(1);
    private int unanswered;

    /**
     * The body of a submission.
     *
     * @param gpuMilli thousandths of GPUs in total
     * @param json as sent
     * @param isLegal whether 201 is an allowed answer
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

    /** Returns whether the cluster may have accepted the claim without saying so: no answer, or an ambiguous one. */
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
