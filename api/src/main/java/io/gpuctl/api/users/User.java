package io.gpuctl.api.users;

import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import io.gpuctl.api.views.RunningUse;
import io.gpuctl.events.TaskState;
import io.gpuctl.telemetry.views.UserView;
import java.math.BigDecimal;
import java.util.EnumMap;
import java.util.Map;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** A user of a pool as clients see them. */
@JsonNaming(SnakeCaseStrategy.class)
@Schema(
        description =
                "What a user's tasks in a pool have come to, also those that are remembered no longer, and what runs.")
record User(
        @Schema(examples = "default") String pool,
        @Schema(examples = "alice") String user,

        @Schema(
                description = "What the user's attempts that ended have drawn on their GPUs, by the nodes' word.",
                examples = "1250000.5")
        BigDecimal energyJoules,

        @Schema(description = "Tasks that hold GPUs now.", examples = "2")
        int runningTasks,

        @Schema(description = "GPUs that they hold; 0.5 is half a GPU.", examples = "64.5")
        BigDecimal runningGpus,

        @Schema(
                description =
                        "About what their attempts have drawn so far, which is not in energy_joules yet: an estimate from"
                                + " the last measured power of their GPUs.",
                examples = "920000000.25")
        BigDecimal runningEnergyEstimateJoules,

        @Schema(description = "Attempts that have ended.", examples = "14")
        long attempts,

        @Schema(
                description = "Tasks that are over, by their final state.",
                examples = "{\"completed\": 12, \"failed\": 1, \"cancelled\": 0, \"rejected\": 0}")
        Map<TaskState, Long> tasks) {

    static User of(UserView view, RunningUse.Share running) {
        return new User(
                view.pool().value(),
                view.user(),
                BigDecimal.valueOf(view.energyMj(), 3),
                running.tasks(),
                BigDecimal.valueOf(running.gpuMilli(), 3),
                running.energyJoules(),
                view.attempts(),
                tasks(view));
    }

    /** Counts tasks by final state. Includes states without tasks, so that a client need not guess the names. */
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
