package io.gpuctl.api.nodes;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import io.gpuctl.api.events.FactBody;
import io.gpuctl.api.request.Page;
import io.gpuctl.api.request.Paging;
import io.gpuctl.events.kafka.EventJson;
import io.gpuctl.telemetry.views.NodeHistory;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** A page of a node's history: facts in the form of the log. */
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonNaming(SnakeCaseStrategy.class)
@Schema(description = "A page of a node's history.")
record NodeEvents(
        @Schema(description = "Facts as in the topic cluster-events, oldest first.", implementation = FactBody[].class)
        List<JsonNode> events,

        @Schema(
                description = "Number of older facts about the node that are on no page, because its history no"
                        + " longer holds them.",
                examples = "0")
        long eventsOmitted,

        @Nullable String nextCursor)
        implements Page {

    /**
     * Returns a page.
     *
     * @param after the sequence of the last fact of the previous page; 0 for the first page
     */
    static NodeEvents of(NodeHistory history, long after, int limit) {
        var rest =
                history.facts().stream().filter(fact -> fact.sequence() > after).toList();
        var page = rest.subList(0, Math.min(limit, rest.size()));
        String next = page.size() < rest.size()
                ? Paging.encode(Long.toString(page.getLast().sequence()))
                : null;
        return new NodeEvents(
                page.stream().<JsonNode>map(EventJson.mapper()::valueToTree).toList(), history.omitted(), next);
    }
}
