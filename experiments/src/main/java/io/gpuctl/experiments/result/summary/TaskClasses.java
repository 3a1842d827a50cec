package io.gpuctl.experiments.result.summary;

import io.gpuctl.experiments.result.TaskOutcome;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Collects the outcomes of tasks by size and by user in the runs of a group. */
final class TaskClasses {

    /** Further users are combined, to keep the table readable. */
    private static final int USERS_MAX = 12;

    private static final String OTHERS = "other users";

    private final SortedMap<Size, ClassRuns> bySize = new TreeMap<>();
    private final SortedMap<String, ClassRuns> byUser = new TreeMap<>();

    /** Sums over the tasks of a class in one run. */
    private static final class Sums {
        private long tasks;
        private final Mean queueing = new Mean();
        private final Mean jct = new Mean();

        void add(TaskOutcome task) {
            tasks++;
            queueing.add(task.queueingSeconds());
            jct.add(task.jctSeconds());
        }
    }

    private static final class Mean {
        private double sum;
        private long count;

        void add(@Nullable Double value) {
            if (value != null) {
                sum += value;
                count++;
            }
        }
    }

    /** The means of one class in all runs. */
    private static final class ClassRuns {
        private long tasks;
        private final List<Double> queueingMeans = new ArrayList<>();
        private final List<Double> jctMeans = new ArrayList<>();

        void add(Sums run) {
            tasks += run.tasks;
            if (run.queueing.count > 0) {
                queueingMeans.add(run.queueing.sum / run.queueing.count);
            }
            if (run.jct.count > 0) {
                jctMeans.add(run.jct.sum / run.jct.count);
            }
        }

        TaskClass named(String name) {
            return new TaskClass(name, tasks, estimate(queueingMeans), estimate(jctMeans));
        }

        private static Optional<Estimate> estimate(List<Double> means) {
            return means.isEmpty()
                    ? Optional.empty()
                    : Optional.of(Estimate.of(
                            means.stream().mapToDouble(Double::doubleValue).toArray()));
        }
    }

    /** Adds the tasks of a run. */
    void add(List<TaskOutcome> tasks) {
        sums(tasks, task -> Size.of(task.gpus()))
                .forEach((size, run) -> runs(bySize, size).add(run));
        SortedMap<String, Sums> users = sums(tasks, TaskOutcome::user);
        if (byUser.isEmpty()) {
            users.entrySet().stream()
                    .sorted(Comparator.comparingLong((Map.Entry<String, Sums> user) -> -user.getValue().tasks)
                            .thenComparing(Map.Entry::getKey))
                    .limit(USERS_MAX)
                    .forEach(user -> runs(byUser, user.getKey()));
        }
        SortedMap<String, Sums> kept = sums(tasks, task -> byUser.containsKey(task.user()) ? task.user() : OTHERS);
        kept.forEach((user, run) -> runs(byUser, user).add(run));
    }

    private static <K> ClassRuns runs(SortedMap<K, ClassRuns> classes, K name) {
        return classes.computeIfAbsent(name, _ -> new ClassRuns());
    }

    private static <K> SortedMap<K, Sums> sums(List<TaskOutcome> tasks, Function<TaskOutcome, K> classOf) {
        SortedMap<K, Sums> sums = new TreeMap<>();
        tasks.forEach(task ->
                sums.computeIfAbsent(classOf.apply(task), _ -> new Sums()).add(task));
        return sums;
    }

    List<TaskClass> bySize() {
        return bySize.entrySet().stream()
                .map(size -> size.getValue().named(size.getKey().title))
                .toList();
    }

    /** Returns the users, those with the most tasks first. */
    List<TaskClass> byUser() {
        return byUser.entrySet().stream()
                .map(user -> user.getValue().named(user.getKey().isEmpty() ? "no user" : user.getKey()))
                .sorted(Comparator.comparing((TaskClass user) -> user.name().equals(OTHERS))
                        .thenComparingLong(user -> -user.tasks())
                        .thenComparing(TaskClass::name))
                .toList();
    }

    /** Classes of tasks by the number of GPUs that they ask for. */
    private enum Size {
        NONE("no GPU"),
        SHARE("a share of a GPU"),
        ONE("1 GPU"),
        SEVERAL("2 to 7 GPUs"),
        EIGHT("8 GPUs"),
        MORE("9 GPUs and more");

        private final String title;

        Size(String title) {
            this.title = title;
        }

        static Size of(double gpus) {
            if (gpus < 1) {
                return gpus == 0 ? NONE : SHARE;
            }
            if (gpus < 8) {
                return gpus == 1 ? ONE : SEVERAL;
            }
            return gpus == 8 ? EIGHT : MORE;
        }
    }
}
