package io.gpuctl.api.events;

import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** The form of a fact, only for the API's description: answers contain facts as they are in the log. */
@JsonNaming(SnakeCaseStrategy.class)
@Schema(
        name = "Fact",
        description = "An entry of the log cluster-events: what happened, as the orchestrator saw or decided it.")
public record FactBody(
        @Schema(examples = "default") String pool,

        @Schema(description = "1 for the first fact of the pool, then without gaps.", examples = "42")
        long sequence,

        @Schema(description = "Cluster time, ms since 1970.", examples = "1767225600000")
        long atMs,

        @Schema(
                description = "What caused the orchestrator to write the fact: a record of a topic, a timer or"
                        + " an operator.")
        CauseBody cause,

        EventBody event) {

    /** The place of the cause. */
    @Schema(
            name = "FactCause",
            description = "A record of a topic; partition and offset are -1 if the source is not a record.")
    public record CauseBody(
            @Schema(examples = "task-commands") String source, int partition, long offset) {}

    /** What happened. */
    @Schema(
            name = "Event",
            description = "What happened. The other fields depend on type.",
            additionalProperties = Schema.True.class)
    public record EventBody(
            @Schema(examples = "task_placed") String type) {}
}
