package io.gpuctl.api.problem;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import java.nio.charset.StandardCharsets;

/** Writes problems as JSON, for answers that do not come from a resource. */
public final class ProblemJson {

    private static final ObjectWriter JSON = JsonMapper.builder().build().writerFor(Problem.class);

    private ProblemJson() {}

    public static byte[] bytes(Problem problem) {
        try {
            return JSON.writeValueAsBytes(problem);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("A problem cannot be written as JSON", e);
        }
    }

    public static String text(Problem problem) {
        return new String(bytes(problem), StandardCharsets.UTF_8);
    }

    /** Answers with the problem; aborts an answer that has already begun. */
    public static void answer(HttpServerRequest request, Problem problem) {
        var response = request.response();
        if (response.ended() || response.closed()) {
            return;
        }
        if (response.headWritten()) {
            response.reset();
            return;
        }
        response.setStatusCode(problem.status())
                .putHeader(HttpHeaderNames.CONTENT_TYPE, Problem.MEDIA_TYPE)
                .end(Buffer.buffer(bytes(problem.at(request.path()))));
        request.resume(); // Discard the rest of the body: the next request follows it.
    }
}
