package io.gpuctl.telemetry.views;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.gpuctl.events.ClusterEvent;
import io.gpuctl.events.PoolId;
import io.gpuctl.events.TaskState;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;

/**
 * What a user's tasks in a pool have come to, as the facts tell it: those too that the views have forgotten. There is none of
 * a user of whose tasks nothing has ended yet.
 *
 * @param energyMj what their attempts that ended have drawn, by the nodes' word, mJ: see {@link ClusterEvent#energyMj}
 * @param attempts how many attempts have ended
 * @param tasks how many tasks are over, by their final state; holds only counts above 0
 */
public record UserView(
        PoolId pool,
        String user,
        @JsonInclude(JsonInclude.Include.NON_DEFAULT) long energyMj,
        long attempts,
        Map<TaskState, Long> tasks) {
    public UserView {
        Map<TaskState, Long> ordered = new EnumMap<>(TaskState.class);
        ordered.putAll(tasks);
        tasks = Collections.unmodifiableMap(ordered);
    }

    /** A user of whom nothing is known. */
    public static UserView empty(PoolId pool, String user) {
        return new UserView(pool, user, 0, 0, Map.of());
    }

    /** Where the user stands in a listing. */
    public UserCursor cursor() {
        return new UserCursor(pool, user);
    }

    public long tasks(TaskState state) {
        return tasks.getOrDefault(state, 0L);
    }

    UserView drew(long moreMj) {
        return new UserView(pool, user, energyMj + moreMj, attempts, tasks);
    }

    UserView attemptEnded() {
        return new UserView(pool, user, energyMj, attempts + 1, tasks);
    }

    UserView taskOver(TaskState state) {
        Map<TaskState, Long> more = new EnumMap<>(TaskState.class);
        more.putAll(tasks);
        more.merge(state, 1L, Long::sum);
        return new UserView(pool, user, energyMj, attempts, more);
    }
}
