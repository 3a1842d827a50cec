package io.gpuctl.api.problem;

import java.io.Serial;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Ends a request with a problem as the answer. Thrown, or the failure of a {@code Uni}. */
public final class ProblemException extends RuntimeException {

    @Serial
    private static final long serialVersionUID = 1L;

    /** How long a client should wait after a 503: about as long as a rebalance, or a restart of a broker. */
    private static final int RETRY_AFTER_SECONDS = 2;

    private final transient Problem problem;

    public ProblemException(Problem problem) {
        this(problem, null);
    }

    private ProblemException(Problem problem, @Nullable Throwable cause) {
        // No stack trace: an error of a client is not an error of this service.
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

    /** Returns the seconds after which to retry; 0 if a retry would not help. */
    int retryAfterSeconds() {
        return problem.status() == ProblemType.VIEWS_NOT_READY.status() ? RETRY_AFTER_SECONDS : 0;
    }
}
