package io.gpuctl.telemetry.views;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.gpuctl.events.ClusterEvent;
import io.gpuctl.events.PoolId;
import io.gpuctl.events.TaskState;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;

/**
 * The totals of a user's tasks in a pool according to the facts, including tasks that the views have forgotten. Exists
 * once a task or attempt of the user has ended, and until {@link PoolViewsFold#USERS_KEPT} other users were heard of
 * later.
 *
 * @param energyMj energy of the user's ended attempts, as reported by the nodes, mJ: see {@link ClusterEvent#energyMj}
 * @param attempts number of ended attempts
 * @param tasks number of finished tasks by final state; only counts above 0
 * @param sequence the pool's last fact that has changed these totals; 0 in totals stored before this was noted
 */
public record UserView(
        PoolId pool,
        String user,
        @JsonInclude(JsonInclude.Include.NON_DEFAULT) long energyMj,
        long attempts,
        Map<TaskState, Long> tasks,
        @JsonInclude(JsonInclude.Include.NON_DEFAULT) long sequence) {
    public UserView {
        Map<TaskState, Long> ordered = new EnumMap<>(TaskState.class);
        ordered.putAll(tasks);
        tasks = Collections.unmodifiableMap(ordered);
    }

    /** Returns a user without ended attempts or tasks. */
    public static UserView empty(PoolId pool, String user) {
        return new UserView(pool, user, 0, 0, Map.of(), 0);
    }

    /** Returns the user's position in a listing. */
    public UserCursor cursor() {
        return new UserCursor(pool, user);
    }

    public long tasks(TaskState state) {
        return tasks.getOrDefault(state, 0L);
    }

    /** Adds energy, as of a fact. */
    UserView drew(long moreMj, long factSequence) {
        return new UserView(pool, user, energyMj + moreMj, attempts, tasks, factSequence);
    }

    UserView attemptEnded() {
        return new UserView(pool, user, energyMj, attempts + 1, tasks, sequence);
    }

    UserView taskOver(TaskState state) {
        Map<TaskState, Long> more = new EnumMap<>(TaskState.class);
        more.putAll(tasks);
        more.merge(state, 1L, Long::sum);
        return new UserView(pool, user, energyMj, attempts, more, sequence);
    }

    /** Returns these totals as an older program stored them, without the fact that changed them last. */
    public UserView withoutSequence() {
        return new UserView(pool, user, energyMj, attempts, tasks, 0);
    }
}
