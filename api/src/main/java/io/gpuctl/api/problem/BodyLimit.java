package io.gpuctl.api.problem;

import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.core.HttpHeaders;
import java.util.Optional;
import org.jboss.resteasy.reactive.server.ServerRequestFilter;
import org.jspecify.annotations.Nullable;

/** No body may be larger than {@link #BYTES_MAX}. One that says so beforehand is not even read. */
public final class BodyLimit {

    /** 64 KiB: a hundred times what a task's description needs. */
    public static final int BYTES_MAX = 64 * 1024;

    @ServerRequestFilter(preMatching = true)
    public void refuseAnnounced(ContainerRequestContext request) {
        refusal(request.getHeaderString(HttpHeaders.CONTENT_LENGTH)).ifPresent(problem -> {
            throw new ProblemException(problem);
        });
    }

    /** Of a body that is announced to be too large. */
    public static Optional<Problem> refusal(@Nullable String contentLength) {
        return announcedBytes(contentLength) > BYTES_MAX ? Optional.of(tooLarge()) : Optional.empty();
    }

    /** For a body of which the length was not known beforehand; one that is missing is empty. */
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
            return 0; // The HTTP server has refused it already, or will.
        }
    }
}
