package io.gpuctl.api.problem;

import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.core.HttpHeaders;
import java.util.Optional;
import org.jboss.resteasy.reactive.server.ServerRequestFilter;
import org.jspecify.annotations.Nullable;

/** Limits bodies to {@link #BYTES_MAX}. If {@code Content-Length} is larger, the body is not read. */
public final class BodyLimit {

    /** 64 KiB: a hundred times what a task's description needs. */
    public static final int BYTES_MAX = 64 * 1024;

    @ServerRequestFilter(preMatching = true)
    public void refuseAnnounced(ContainerRequestContext request) {
        refusal(request.getHeaderString(HttpHeaders.CONTENT_LENGTH)).ifPresent(problem -> {
            throw new ProblemException(problem);
        });
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

    static Problem tooLarge() {
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
