package io.gpuctl.api.tasks;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import io.gpuctl.api.events.FactBody;
import io.gpuctl.api.request.Page;
import io.gpuctl.api.request.Paging;
import io.gpuctl.events.Fact;
import io.gpuctl.events.kafka.EventJson;
import io.gpuctl.telemetry.runtime.PageEnd;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** A page of a task's history: facts in the form of the log. */
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonNaming(SnakeCaseStrategy.class)
@Schema(description = "A page of a task's history.")
record TaskEvents(
        @Schema(description = "Facts as in the topic cluster-events, oldest first.", implementation = FactBody[].class)
        List<JsonNode> events,

        @Schema(
                description = "Number of facts about the task that are on no page, because its history does not hold"
                        + " them: see the description of the route.",
                examples = "0")
        long eventsOmitted,

        @Nullable String nextCursor)
        implements Page {

    static TaskEvents of(List<Fact> facts, int limit, long omitted) {
        String next = Paging.next(facts, limit, PageEnd::allocationCount, fact -> Long.toString(fact.sequence()));
        return new TaskEvents(
                facts.stream().<JsonNode>map(EventJson.mapper()::valueToTree).toList(), omitted, next);
    }
}
