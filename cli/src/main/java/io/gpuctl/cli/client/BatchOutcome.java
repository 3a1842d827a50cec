package io.gpuctl.cli.client;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URI;
import java.util.Optional;

/**
 * What became of one task of a {@link TaskBatch}.
 *
 * @param line the task's place in the batch, from 1
 * @param taskId empty if the API could not read it
 * @param problem why the task was refused; empty if it was submitted
 * @param document the line of the answer
 */
public record BatchOutcome(int line, String taskId, Optional<ApiProblemException> problem, JsonNode document) {

    static BatchOutcome of(URI server, JsonNode document) {
        int status = document.path("status").asInt();
        return new BatchOutcome(
                document.path("line").asInt(),
                document.path("task_id").asText(),
                status < 400
                        ? Optional.empty()
                        : Optional.of(ApiProblemException.of(server, status, document.path("problem"))),
                document);
    }

    /** Returns whether the task may be submitted if it is sent again. */
    public boolean mayPassLater() {
        return problem.filter(ApiProblemException::mayPassLater).isPresent();
    }
}
