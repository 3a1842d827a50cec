package io.gpuctl.api.users;

import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import io.gpuctl.events.TaskState;
import io.gpuctl.telemetry.core.UserView;
import java.math.BigDecimal;
import java.util.EnumMap;
import java.util.Map;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** A user of a pool as clients see them. */
@JsonNaming(SnakeCaseStrategy.class)
@Schema(description = "What a user's tasks in a pool have come to, also those that are remembered no longer.")
record User(
        @Schema(examples = "default") String pool,
        @Schema(examples = "alice") String user,

        @Schema(
                description = "What the user's attempts that ended have drawn on their GPUs, by the nodes' word.",
                examples = "1250000.5")
        BigDecimal energyJoules,

        @Schema(description = "Attempts that have ended.", examples = "14")
        long attempts,

        @Schema(
                description = "Tasks that are over, by their final state.",
                examples = "{\"completed\": 12, \"failed\": 1, \"cancelled\": 0, \"rejected\": 0}")
        Map<TaskState, Long> tasks) {

    static User of(UserView view) {
        return new User(
                view.pool().value(), view.user(), BigDecimal.valueOf(view.energyMj(), 3), view.attempts(), tasks(view));
    }

    /** Every final state, also those of no task, so that a client need not guess the names. */
    private static Map<TaskState, Long> tasks(UserView view) {
        var counts = new EnumMap<TaskState, Long>(TaskState.class);
        for (var state : TaskState.values()) {
            if (state.isFinal()) {
                counts.put(state, view.tasks(state));
            }
        }
        return counts;
    }
}
