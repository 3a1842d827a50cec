package io.gpuctl.cli.client;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.gpuctl.events.Allocation;
import io.gpuctl.events.Cause;
import io.gpuctl.events.ClusterEvent;
import io.gpuctl.events.ClusterEvent.CancelRequested;
import io.gpuctl.events.ClusterEvent.MemberCheckpointed;
import io.gpuctl.events.ClusterEvent.MemberEnded;
import io.gpuctl.events.ClusterEvent.MemberStarted;
import io.gpuctl.events.ClusterEvent.PendingReasonChanged;
import io.gpuctl.events.ClusterEvent.PreemptRequested;
import io.gpuctl.events.ClusterEvent.RetryDue;
import io.gpuctl.events.ClusterEvent.TaskCancelled;
import io.gpuctl.events.ClusterEvent.TaskCheckpointed;
import io.gpuctl.events.ClusterEvent.TaskCompleted;
import io.gpuctl.events.ClusterEvent.TaskFailed;
import io.gpuctl.events.ClusterEvent.TaskPlaced;
import io.gpuctl.events.ClusterEvent.TaskRejected;
import io.gpuctl.events.ClusterEvent.TaskRequeued;
import io.gpuctl.events.ClusterEvent.TaskStarted;
import io.gpuctl.events.ClusterEvent.TaskSubmitted;
import io.gpuctl.events.EndReason;
import io.gpuctl.events.Fact;
import io.gpuctl.events.PendingReason;
import io.gpuctl.events.kafka.EventJson;
import io.gpuctl.events.units.Durations;
import java.time.Instant;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * A fact of the history of a task or node, in words.
 *
 * @param at when the fact happened; "?" for a fact that this version does not know
 * @param what the event
 * @param detail the details of the event; may be empty
 * @param cause the place in the log of the record that caused the fact
 */
record FactText(String at, String what, String detail, String cause) {

    /**
     * Reads the document that the API returns for a fact. A newer API may have events that this version does not know.
     */
    static FactText of(JsonNode json) {
        try {
            Fact fact = EventJson.mapper().treeToValue(json, Fact.class);
            String what = json.at("/event/type")
                    .asText()
                    .replaceFirst("^(task|node)_", "")
                    .replace('_', ' ');
            String detail = switch (fact.event()) {
                case ClusterEvent.OfTask event -> detail(event, fact.atMs());
                case ClusterEvent.OfNode event -> NodeFactText.detail(event, fact.atMs());
                case ClusterEvent _ -> "";
            };
            return new FactText(Instant.ofEpochMilli(fact.atMs()).toString(), what, detail, cause(fact.cause()));
        } catch (JsonProcessingException | IllegalArgumentException _) {
            return new FactText("?", json.at("/event/type").asText("?"), "", "");
        }
    }

    private static String detail(ClusterEvent.OfTask event, long atMs) {
        return switch (event) {
            case TaskSubmitted _, CancelRequested _, TaskCancelled _, RetryDue _ -> "";
            case TaskRejected rejected -> reason(rejected.reason());
            case PendingReasonChanged changed -> reason(changed.reason());
            case TaskPlaced placed -> "attempt %d on %s".formatted(placed.attempt(), places(placed));
            case MemberStarted started -> "attempt %d on %s".formatted(started.attempt(), started.nodeId());
            case MemberCheckpointed saved ->
                "attempt %d on %s, %s of work"
                        .formatted(saved.attempt(), saved.nodeId(), Durations.human(saved.progressMs()));
            case MemberEnded ended ->
                "attempt %d on %s, %s"
                        .formatted(ended.attempt(), ended.nodeId(), ended.completed() ? "completed" : "stopped");
            case TaskStarted started -> "attempt " + started.attempt();
            case TaskCheckpointed saved ->
                "attempt %d, %s of work".formatted(saved.attempt(), Durations.human(saved.progressMs()));
            case TaskCompleted completed -> "attempt " + completed.attempt();
            case PreemptRequested requested ->
                requested.reason() == EndReason.NODE_DRAINED
                        ? "attempt %d leaves a node that is being drained".formatted(requested.attempt())
                        : "attempt %d makes room for a task ahead of it".formatted(requested.attempt());
            case TaskRequeued requeued ->
                "attempt %d: %s%s%s%s"
                        .formatted(
                                requeued.attempt(),
                                name(requeued.reason()),
                                requeued.detail().isEmpty() ? "" : ", " + requeued.detail(),
                                lost(requeued.lostMs()),
                                requeued.eligibleAtMs() > atMs
                                        ? ", next in " + Durations.human(requeued.eligibleAtMs() - atMs)
                                        : "");
            case TaskFailed failed ->
                "attempt %d: %s%s%s"
                        .formatted(
                                failed.attempt(),
                                name(failed.reason()),
                                failed.detail().isEmpty() ? "" : ", " + failed.detail(),
                                lost(failed.lostMs()));
        };
    }

    private static String lost(long lostMs) {
        return lostMs == 0 ? "" : ", %s of work lost".formatted(Durations.human(lostMs));
    }

    private static String places(TaskPlaced placed) {
        return placed.allocations().stream().map(FactText::place).collect(Collectors.joining(" "));
    }

    private static String place(Allocation allocation) {
        return allocation.gpus().isEmpty()
                ? allocation.nodeId().value()
                : allocation.nodeId() + "[" + GpuList.text(allocation.gpus()) + "]";
    }

    private static String reason(PendingReason reason) {
        return name(reason.code()) + nodes(reason.nodesRuledOut());
    }

    private static String nodes(Map<PendingReason.Code, Integer> nodesRuledOut) {
        return nodesRuledOut.isEmpty()
                ? ""
                : nodesRuledOut.entrySet().stream()
                        .map(entry -> entry.getValue() + " nodes " + name(entry.getKey()))
                        .collect(Collectors.joining(", ", " (", ")"));
    }

    /** Returns the name that stands for the value in JSON. */
    private static String name(Enum<?> value) {
        return EventJson.mapper().convertValue(value, String.class);
    }

    private static String cause(Cause cause) {
        return cause.partition() < 0 ? cause.source() : cause.source() + "-" + cause.partition() + "@" + cause.offset();
    }
}
