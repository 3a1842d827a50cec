package io.gpuctl.api.views;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.gpuctl.api.problem.ProblemException;
import io.gpuctl.api.problem.ProblemType;
import io.gpuctl.events.kafka.EventJson;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.io.IOException;
import org.eclipse.microprofile.openapi.annotations.Operation;

/**
 * Where the other instances ask. The answer is always from this instance's own partitions: a question is never passed
 * on, so it cannot go round in circles.
 */
@Path(InternalViewsResource.PATH)
class InternalViewsResource {

    static final String PATH = "/internal/views";

    private static final ObjectMapper JSON = EventJson.mapper();

    private final LocalViews views;

    InternalViewsResource(LocalViews views) {
        this.views = views;
    }

    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    @Produces(MediaType.APPLICATION_JSON)
    @Operation(hidden = true)
    public Uni<String> ask(byte[] body) {
        var question = question(body);
        return views.answer(question, question.query()).map(InternalViewsResource::write);
    }

    private static Question question(byte[] body) {
        try {
            return JSON.readValue(body, Question.class);
        } catch (IOException e) {
            throw ProblemException.of(ProblemType.MALFORMED_BODY, "Not a question between instances", e);
        }
    }

    private static String write(Object answer) {
        try {
            return JSON.writeValueAsString(answer);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("An answer cannot be written as JSON", e);
        }
    }
}
