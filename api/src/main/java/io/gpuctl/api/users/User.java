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
        description = "Totals of a user's tasks in a pool, including tasks that the API no longer keeps, and the tasks"
                + " that run now.")
record User(
        @Schema(examples = "default") String pool,
        @Schema(examples = "alice") String user,

        @Schema(
                description = "Energy that the user's ended attempts have drawn from their GPUs, as reported by"
                        + " the nodes.",
                examples = "1250000.5")
        BigDecimal energyJoules,

        @Schema(description = "Tasks that hold GPUs now.", examples = "2")
        int runningTasks,

        @Schema(description = "GPUs that the user's tasks hold now; 0.5 is half a GPU.", examples = "64.5")
        BigDecimal runningGpus,

        @Schema(
                description = "Estimate of the energy that running attempts have drawn so far, from the last measured"
                        + " power of their GPUs; not yet included in energy_joules.",
                examples = "920000000.25")
        BigDecimal runningEnergyEstimateJoules,

        @Schema(description = "Attempts that have ended.", examples = "14")
        long attempts,

        @Schema(
                description = "Tasks that have ended, by final state.",
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
