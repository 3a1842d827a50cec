package io.gpuctl.api.views;

import io.gpuctl.events.PoolId;
import io.gpuctl.telemetry.views.UserCursor;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Map;

/** What the tasks that hold GPUs use now, and the estimated energy that they have drawn so far, by user of a pool. */
public record RunningUse(Map<UserCursor, Share> byUser) {

    public RunningUse {
        byUser = Map.copyOf(byUser);
    }

    /**
     * The use of some of these tasks.
     *
     * @param gpuMilli GPUs that they hold, in thousandths of a GPU
     * @param joules see {@link io.gpuctl.telemetry.views.TaskView#runningJoulesEstimate}
     */
    public record Share(int tasks, long gpuMilli, double joules) {
        public static final Share NONE = new Share(0, 0, 0);

        public Share plus(Share other) {
            return new Share(tasks + other.tasks, gpuMilli + other.gpuMilli, joules + other.joules);
        }

        /**
         * Returns the energy to the millijoule, like measured energy; the last digits of an estimate are not
         * significant.
         */
        public BigDecimal energyJoules() {
            return RunningUse.joules(joules);
        }
    }

    /** Returns an estimate as the API shows it. */
    public static BigDecimal joules(double estimate) {
        return BigDecimal.valueOf(estimate).setScale(3, RoundingMode.HALF_UP);
    }

    public Share of(UserCursor user) {
        return byUser.getOrDefault(user, Share.NONE);
    }

    public Share of(PoolId pool) {
        return byUser.entrySet().stream()
                .filter(entry -> entry.getKey().pool().equals(pool))
                .map(Map.Entry::getValue)
                .reduce(Share.NONE, Share::plus);
    }

    public Share total() {
        return byUser.values().stream().reduce(Share.NONE, Share::plus);
    }
}
