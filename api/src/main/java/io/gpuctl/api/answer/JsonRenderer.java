package io.gpuctl.api.answer;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import jakarta.enterprise.context.ApplicationScoped;

/** Renders answers as the framework does. */
@ApplicationScoped
public class JsonRenderer {

    private final ObjectMapper mapper;

    public JsonRenderer(ObjectMapper mapper) {
        this.mapper = mapper;
    }

    public JsonAnswer render(Object answer) {
        try {
            return new JsonAnswer(mapper.writeValueAsBytes(answer));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("Cannot write " + answer + " as JSON", e);
        }
    }
}
