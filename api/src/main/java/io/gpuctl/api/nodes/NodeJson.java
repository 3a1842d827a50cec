package io.gpuctl.api.nodes;

import io.gpuctl.api.answer.JsonAnswer;
import io.gpuctl.api.answer.JsonRenderer;
import io.gpuctl.events.NodeTelemetry;
import io.gpuctl.telemetry.runtime.Memo;
import io.gpuctl.telemetry.views.NodeView;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Renders a {@link Node} with its measurements. Most nodes are up, and have current measurements; then only the age of
 * the measurements changes from one moment to the next, so the rest is rendered once, and again when the node's view or
 * its measurements have changed. Thread-safe.
 */
final class NodeJson {

    /** The JSON of a node with more attempts is not remembered: all that is remembered must not take much memory. */
    private static final int REMEMBERED_ATTEMPTS_MAX = 64;

    private final JsonRenderer json;
    private final Memo<Current, Ageless> remembered = new Memo<>();

    NodeJson(JsonRenderer json) {
        this.json = json;
    }

    /** A node that is up, and its current measurements. */
    private record Current(NodeView view, NodeTelemetry sample) {}

    /** Returns the node at this moment; {@code sample} is null if nothing was measured. */
    JsonAnswer of(NodeView view, @Nullable NodeTelemetry sample, Moment moment) {
        if (sample == null || !moment.isCurrent(view, sample) || view.attemptCount() > REMEMBERED_ATTEMPTS_MAX) {
            return rendered(view, sample, moment);
        }
        return remembered
                .get(
                        sample.nodeId().hashCode(),
                        new Current(view, sample),
                        node -> Ageless.of(rendered(node.view(), node.sample(), moment)))
                .aged(Node.Measured.ageSeconds(sample, moment));
    }

    private JsonAnswer rendered(NodeView view, @Nullable NodeTelemetry sample, Moment moment) {
        return json.render(Node.of(view, sample, false, moment));
    }

    /**
     * The JSON of a node without the age of its measurements.
     *
     * @param place where the age belongs
     */
    private record Ageless(JsonAnswer json, int place) {
        private static final String AGE = "\"age_seconds\":";

        static Ageless of(JsonAnswer rendered) {
            // In Latin-1, a character is a byte. The name is there only once: in a text, its quotes are escaped.
            String text = new String(rendered.utf8(), StandardCharsets.ISO_8859_1);
            int place = text.indexOf(AGE) + AGE.length();
            String ageless = text.substring(0, place) + text.substring(text.indexOf(',', place));
            return new Ageless(new JsonAnswer(ageless.getBytes(StandardCharsets.ISO_8859_1)), place);
        }

        JsonAnswer aged(BigDecimal ageSeconds) {
            return json.with(place, ageSeconds.toString());
        }
    }
}
