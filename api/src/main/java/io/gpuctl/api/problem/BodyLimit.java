package io.gpuctl.api.problem;

import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import jakarta.ws.rs.core.HttpHeaders;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import org.jboss.resteasy.reactive.server.ServerRequestFilter;
import org.jspecify.annotations.Nullable;

/**
 * Limits bodies to {@link #BYTES_MAX}; a body of {@code POST /tasks}, which may hold many tasks, to
 * {@link #TASKS_BYTES_MAX}. If {@code Content-Length} is larger, the body is not read.
 *
 * <p>All large bodies together may have {@link #LARGE_BYTES_MAX}. A large body therefore needs a
 * {@code Content-Length}: a body without it is read up to {@link #UNANNOUNCED_BYTES_MAX}.
 */
public final class BodyLimit {

    /** 64 KiB: a hundred times what a task's description needs. */
    public static final int BYTES_MAX = 64 * 1024;

    /** The maximum number of tasks in a body. */
    public static final int TASKS_MAX = 10_000;

    /** 8 MiB: {@link #TASKS_MAX} tasks of 800 bytes. */
    private static final int TASKS_BYTES_MAX = 8 << 20;

    private static final int LARGE_BYTES_MAX = 32 << 20;
    private static final long UNANNOUNCED_BYTES_MAX = 1 << 20;

    /** The attribute of a request in which Quarkus finds the limit of its body. */
    private static final String QUARKUS_LIMIT = "io.quarkus.max-request-size";

    private final Semaphore largeBytes = new Semaphore(LARGE_BYTES_MAX);

    @ServerRequestFilter(preMatching = true)
    public void refuseAnnounced(RoutingContext context) {
        var request = context.request();
        long bytes = announcedBytes(request.getHeader(HttpHeaders.CONTENT_LENGTH));
        if (bytes > (isOfTasks(request) ? TASKS_BYTES_MAX : BYTES_MAX)) {
            throw new ProblemException(tooLarge(request));
        }
        if (bytes > BYTES_MAX) {
            admit(context, (int) bytes);
        } else {
            context.put(QUARKUS_LIMIT, UNANNOUNCED_BYTES_MAX);
        }
    }

    private static boolean isOfTasks(HttpServerRequest request) {
        return request.method().equals(HttpMethod.POST) && "/tasks".equals(request.path());
    }

    private void admit(RoutingContext context, int bytes) {
        if (!largeBytes.tryAcquire(bytes)) {
            throw ProblemException.of(ProblemType.TOO_BUSY, "Too many large requests at once; try again");
        }
        // Also after a failure, and if the client goes away.
        context.addEndHandler(_ -> largeBytes.release(bytes));
    }

    /** Returns the problem if the body is announced to be too large; otherwise empty. */
    public static Optional<Problem> refusal(@Nullable String contentLength) {
        return announcedBytes(contentLength) > BYTES_MAX ? Optional.of(tooLarge()) : Optional.empty();
    }

    /** Checks a body whose length may not have been announced; returns a missing body as empty. */
    public static byte[] check(byte @Nullable [] body) {
        if (body == null) {
            return new byte[0];
        }
        if (body.length > BYTES_MAX) {
            throw new ProblemException(tooLarge());
        }
        return body;
    }

    /** Returns the problem of a request whose body is larger than its route accepts. */
    static Problem tooLarge(HttpServerRequest request) {
        return isOfTasks(request)
                ? Problem.of(
                        ProblemType.BODY_TOO_LARGE,
                        ("The tasks of a request may have at most %,d bytes (8 MiB), or %,d (1 MiB) if the request does"
                                        + " not announce its Content-Length: send several requests")
                                .formatted(TASKS_BYTES_MAX, UNANNOUNCED_BYTES_MAX))
                : tooLarge();
    }

    /** Returns the problem of a body that is larger than any route accepts. */
    public static Problem tooLargeForAny() {
        return Problem.of(
                ProblemType.BODY_TOO_LARGE,
                "A body may have at most %,d bytes (64 KiB), or %,d (8 MiB) with tasks"
                        .formatted(BYTES_MAX, TASKS_BYTES_MAX));
    }

    private static Problem tooLarge() {
        return Problem.of(ProblemType.BODY_TOO_LARGE, "A body may have at most " + BYTES_MAX + " bytes (64 KiB)");
    }

    private static long announcedBytes(@Nullable String contentLength) {
        try {
            return contentLength == null ? 0 : Long.parseLong(contentLength);
        } catch (NumberFormatException _) {
            return 0; // The HTTP server refuses the request.
        }
    }
}
