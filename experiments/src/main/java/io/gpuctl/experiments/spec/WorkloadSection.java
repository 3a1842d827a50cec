package io.gpuctl.experiments.spec;

import io.gpuctl.events.units.Cpus;
import io.gpuctl.events.units.Gpus;
import io.gpuctl.events.units.InvalidQuantityException;
import io.gpuctl.events.units.Sizes;
import io.gpuctl.experiments.spec.Experiment.Kind;
import io.gpuctl.experiments.workload.SyntheticWorkload;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToLongFunction;

/** Reads the key {@code workload}: files of tasks, or distributions to draw tasks from. */
final class WorkloadSection {
    private static final int TASKS_MAX = 10_000_000;
    private static final int USERS_MAX = 100_000;
    private static final long DEFAULT_GAP_MS = 60_000;
    private static final int DEFAULT_USERS = 1;

    /** How far the sum of shares may be from 1, because published shares are rounded. */
    private static final BigDecimal SHARES_TOLERANCE = new BigDecimal("0.005");

    private final Section section;
    private final TraceFolder traces;

    WorkloadSection(Section section, TraceFolder traces) {
        this.section = section;
        this.traces = traces;
    }

    Experiment.Tasks tasks(Kind kind) {
        Optional<List<String>> files = section.texts("tasks");
        Optional<Integer> limit = section.integer("limit", 1, TASKS_MAX);
        Optional<BigDecimal> scale = section.positive("scale");
        boolean skipBadRows = section.flag("skip_bad_rows");
        Optional<Section> synthetic = section.section("synthetic");
        section.requireNoOthers();
        if (files.isPresent() == synthetic.isPresent()) {
            throw new ExperimentFileException(
                    "workload must have tasks (a file or several) or synthetic (what to draw them from), and not both");
        }
        if (scale.isPresent() && (kind != Kind.TRACE || synthetic.isPresent())) {
            throw section.wrong("scale", "absent: it is for the arrivals of recorded tasks in kind: trace");
        }
        if (skipBadRows && (kind == Kind.ROUNDS || synthetic.isPresent())) {
            throw section.wrong("skip_bad_rows", "absent: it is for recorded tasks, and not for kind: rounds");
        }
        if (synthetic.isEmpty()) {
            List<Path> paths = files.orElse(List.of()).stream()
                    .map(text -> traces.resolve(section.nameOf("tasks"), text))
                    .toList();
            return new Experiment.Recorded(paths, limit.orElse(null), scale.orElse(BigDecimal.ONE), skipBadRows);
        }
        if (kind == Kind.ROUNDS) {
            throw section.wrong("synthetic", "absent: rounds need the iterations of recorded tasks");
        }
        if (limit.isPresent()) {
            throw section.wrong("limit", "absent: synthetic.tasks says how many there are");
        }
        return new Experiment.Drawn(synthetic(synthetic.get()));
    }

    private static SyntheticWorkload synthetic(Section section) {
        var workload = new SyntheticWorkload(
                section.integer("tasks", 1, TASKS_MAX)
                        .orElseThrow(() -> section.wrong("tasks", "the number of tasks to draw")),
                section.durationMs("mean_gap").orElse(DEFAULT_GAP_MS),
                section.section("durations").map(WorkloadSection::durations).orElse(SyntheticWorkload.Durations.PHILLY),
                section.section("gpus").map(WorkloadSection::gpus).orElseGet(SyntheticWorkload::phillyGpus),
                quantity(section, "cpus_per_gpu", Cpus::parseMilli),
                quantity(section, "memory_per_gpu", Sizes::parseMib),
                section.integer("users", 1, USERS_MAX).orElse(DEFAULT_USERS));
        section.requireNoOthers();
        return workload;
    }

    private static SyntheticWorkload.Durations durations(Section section) {
        var philly = SyntheticWorkload.Durations.PHILLY;
        long medianMs = section.durationMs("median").orElse(philly.medianMs());
        double sigma = section.positive("sigma").map(BigDecimal::doubleValue).orElse(philly.sigma());
        long minMs = section.durationMs("min").orElse(philly.minMs());
        long maxMs = section.durationMs("max").orElse(philly.maxMs());
        section.requireNoOthers();
        if (medianMs < 1) {
            throw section.wrong("median", "above 0");
        }
        if (maxMs < minMs) {
            throw section.wrong("max", "no shorter than min");
        }
        return new SyntheticWorkload.Durations(medianMs, sigma, minMs, maxMs);
    }

    private static Map<BigDecimal, Double> gpus(Section section) {
        Map<BigDecimal, Double> mix = new LinkedHashMap<>();
        BigDecimal sum = BigDecimal.ZERO;
        for (String count : section.texts().keySet()) {
            BigDecimal share =
                    section.positive(count).orElseThrow(() -> section.wrong(count, "its share of the tasks"));
            if (mix.put(gpuCount(section, count), share.doubleValue()) != null) {
                throw section.wrong(count, "absent: this number of GPUs has a share already");
            }
            sum = sum.add(share);
        }
        if (mix.isEmpty()) {
            throw new ExperimentFileException("workload.synthetic.gpus is empty, but must have shares, as in 1: 0.9");
        }
        if (sum.subtract(BigDecimal.ONE).abs().compareTo(SHARES_TOLERANCE) > 0) {
            throw new ExperimentFileException("workload.synthetic.gpus has shares with the sum %s, but it must be 1"
                    .formatted(sum.stripTrailingZeros().toPlainString()));
        }
        return mix;
    }

    private static BigDecimal gpuCount(Section section, String text) {
        try {
            return Gpus.parse(text).stripTrailingZeros();
        } catch (InvalidQuantityException e) {
            throw new ExperimentFileException(
                    "%s is no number of GPUs: there may be 0, 1, 8, or 0.5 for a share of one"
                            .formatted(section.nameOf(text)),
                    e);
        }
    }

    /** Returns the quantity; 0 if the key is absent. */
    private static long quantity(Section section, String key, ToLongFunction<String> parser) {
        return section.text(key)
                .map(text -> {
                    try {
                        return parser.applyAsLong(text);
                    } catch (InvalidQuantityException e) {
                        throw new ExperimentFileException(section.nameOf(key) + ": " + e.getMessage(), e);
                    }
                })
                .orElse(0L);
    }
}
