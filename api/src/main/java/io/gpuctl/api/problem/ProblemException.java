package io.gpuctl.api.problem;

import java.io.Serial;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The request cannot be answered otherwise than with this problem. Thrown, or the failure of a {@code Uni}. */
public final class ProblemException extends RuntimeException {

    @Serial
    private static final long serialVersionUID = 1L;

    /** What a client is told to wait when we are not ready: about a rebalance, or a broker's restart. */
    private static final int RETRY_AFTER_SECONDS = 2;

    private final transient Problem problem;

    public ProblemException(Problem problem) {
        this(problem, null);
    }

    private ProblemException(Problem problem, @Nullable Throwable cause) {
        // An error of the client's is no news for our log: no stack trace.
        super(problem.detail(), cause, false, false);
        this.problem = problem;
    }

    public static ProblemException of(ProblemType type, String detail) {
        return new ProblemException(Problem.of(type, detail));
    }

    public static ProblemException of(ProblemType type, String detail, Throwable cause) {
        return new ProblemException(Problem.of(type, detail), cause);
    }

    public static ProblemException of(ProblemType type, FieldError error) {
        return new ProblemException(Problem.of(type, List.of(error)));
    }

    public Problem problem() {
        return problem;
    }

    /** Seconds after which to try again; 0 if that would not help. */
    int retryAfterSeconds() {
        return problem.status() == ProblemType.VIEWS_NOT_READY.status() ? RETRY_AFTER_SECONDS : 0;
    }
}
