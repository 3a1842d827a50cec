package io.gpuctl.experiments.result.report;

import io.gpuctl.experiments.result.RunKey;
import io.gpuctl.experiments.result.summary.RunGroup;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A section of the report, which compares the policies under one workload and load.
 *
 * @param groups one for each policy, in the order of the page
 */
record Section(String title, List<RunGroup> groups) {

    Section {
        groups = List.copyOf(groups);
    }

    /** Returns the sections in the order of workloads, and within a workload in the order of loads. */
    static List<Section> of(List<RunGroup> groups) {
        Map<String, List<RunGroup>> byTitle = new LinkedHashMap<>();
        List<String> workloads =
                groups.stream().map(group -> group.key().workload()).distinct().toList();
        List<RunGroup> ordered = new ArrayList<>(groups);
        ordered.sort(Comparator.comparingInt(
                        (RunGroup group) -> workloads.indexOf(group.key().workload()))
                .thenComparing(group -> group.key().load(), Comparator.nullsFirst(Comparator.naturalOrder())));
        for (RunGroup group : ordered) {
            byTitle.computeIfAbsent(title(group.key()), _ -> new ArrayList<>()).add(group);
        }
        return byTitle.entrySet().stream()
                .map(entry -> new Section(entry.getKey(), entry.getValue()))
                .toList();
    }

    private static String title(RunKey key) {
        return key.load() == null ? key.workload() : key.workload() + ", load " + key.loadText();
    }

    List<String> policies() {
        return groups.stream().map(group -> group.key().policy()).toList();
    }

    Optional<RunGroup> of(String policy) {
        return groups.stream()
                .filter(group -> group.key().policy().equals(policy))
                .findFirst();
    }

    int fewestRuns() {
        return groups.stream().mapToInt(RunGroup::runs).min().orElse(0);
    }

    int mostRuns() {
        return groups.stream().mapToInt(RunGroup::runs).max().orElse(0);
    }

    /** Returns each note once, in the order of the policies. */
    Set<String> notes() {
        Set<String> notes = new LinkedHashSet<>();
        groups.forEach(group -> notes.addAll(group.notes()));
        return notes;
    }
}
