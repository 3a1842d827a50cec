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

    /** The maximum difference between the sum of shares and 1, because published shares are rounded. */
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
                    "workload must have tasks (one or more files) or synthetic (distributions to draw from), not both");
        }
        if (scale.isPresent() && (kind != Kind.TRACE || synthetic.isPresent())) {
            throw section.wrong("scale", "absent: it applies only to recorded tasks with kind: trace");
        }
        if (skipBadRows && (kind == Kind.ROUNDS || synthetic.isPresent())) {
            throw section.wrong(
                    "skip_bad_rows", "absent: it applies only to recorded tasks, and not with kind: rounds");
        }
        if (synthetic.isEmpty()) {
            List<Path> paths = files.orElse(List.of()).stream()
                    .map(text -> traces.resolve(section.nameOf("tasks"), text))
                    .toList();
            return new Experiment.Recorded(paths, limit.orElse(null), scale.orElse(BigDecimal.ONE), skipBadRows);
        }
        if (kind == Kind.ROUNDS) {
            throw section.wrong("synthetic", "absent: kind: rounds needs the iterations of recorded tasks");
        }
        if (limit.isPresent()) {
            throw section.wrong("limit", "absent: synthetic.tasks sets the number of tasks");
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
            BigDecimal share = section.positive(count)
                    .orElseThrow(() -> section.wrong(count, "the share of tasks with this number of GPUs"));
            if (mix.put(gpuCount(section, count), share.doubleValue()) != null) {
                throw section.wrong(count, "absent: this number of GPUs already has a share");
            }
            sum = sum.add(share);
        }
        if (mix.isEmpty()) {
            throw new ExperimentFileException("workload.synthetic.gpus is empty, but must have shares, as in 1: 0.9");
        }
        if (sum.subtract(BigDecimal.ONE).abs().compareTo(SHARES_TOLERANCE) > 0) {
            throw new ExperimentFileException("workload.synthetic.gpus adds up to %s, but must add up to 1"
                    .formatted(sum.stripTrailingZeros().toPlainString()));
        }
        return mix;
    }

    private static BigDecimal gpuCount(Section section, String text) {
        try {
            return Gpus.parse(text).stripTrailingZeros();
        } catch (InvalidQuantityException e) {
            throw new ExperimentFileException(
                    "%s is not a number of GPUs: use a whole number, or a share of one GPU in thousandths, such as 0.5"
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
