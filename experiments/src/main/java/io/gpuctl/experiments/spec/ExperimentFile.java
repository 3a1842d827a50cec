package io.gpuctl.experiments.spec;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.gpuctl.events.NodeInventory;
import io.gpuctl.events.input.BoundedText;
import io.gpuctl.events.input.FileFailure;
import io.gpuctl.events.units.PlainText;
import io.gpuctl.experiments.result.Metric;
import io.gpuctl.experiments.spec.Experiment.Kind;
import io.gpuctl.simulator.cluster.GpuModels;
import java.io.IOException;
import java.io.StringWriter;
import java.math.BigDecimal;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.error.MarkedYAMLException;

/**
 * Reads an experiment file: YAML, keys in snake_case. {@code docs/experiments.md} describes every key.
 *
 * <p>A key that is unknown, or not for this kind of experiment, is an error, because ignoring it would hide a mistake.
 */
public final class ExperimentFile {
    /** An experiment with more runs is rejected as a mistake. */
    static final int RUNS_MAX = 100_000;

    /** 1 Mi characters: a hundred times the longest experiment. */
    private static final int TEXT_LENGTH_MAX = 1 << 20;

    private static final long DEFAULT_SEED = 42;
    private static final long DEFAULT_TELEMETRY_PERIOD_MS = 10_000;
    private static final BigDecimal DEFAULT_PACKING_LOAD = new BigDecimal("1.3");
    private static final BigDecimal LOAD_MAX = BigDecimal.valueOf(1_000);

    private static final ObjectMapper YAML = YAMLMapper.builder(YAMLFactory.builder()
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .build())
            .build();

    private final Section root;
    private final TraceFolder traces;

    private ExperimentFile(Section root, TraceFolder traces) {
        this.root = root;
        this.traces = traces;
    }

    /**
     * Reads the file.
     *
     * @param overrides values that replace those of the file
     * @param environment the environment variables
     * @throws ExperimentFileException if the experiment is invalid
     */
    public static Experiment read(Path file, Overrides overrides, Map<String, String> environment) {
        ObjectNode tree = tree(file);
        overrides.applyTo(tree, YAML);
        Section root = new Section("", tree);
        List<String> folders = root.texts("traces").orElse(List.of());
        var traces = new TraceFolder(file, overrides, environment.get(TraceFolder.VARIABLE), folders);
        Experiment experiment = new ExperimentFile(root, traces).experiment();
        root.requireNoOthers();
        return experiment;
    }

    /** Returns the line of the mistake. Jackson reports the reader's position, which may be a line before. */
    private static int line(JsonProcessingException e) {
        if (e.getCause() instanceof MarkedYAMLException marked && marked.getProblemMark() != null) {
            return marked.getProblemMark().getLine() + 1;
        }
        return e.getLocation() == null ? 1 : e.getLocation().getLineNr();
    }

    private static String problem(JsonProcessingException e) {
        return e.getCause() instanceof MarkedYAMLException marked && marked.getProblem() != null
                ? marked.getProblem()
                : e.getOriginalMessage().lines().findFirst().orElse("");
    }

    private static ObjectNode tree(Path file) {
        try {
            JsonNode tree = YAML.readTree(text(file));
            if (!(tree instanceof ObjectNode group)) {
                throw new ExperimentFileException(file + " must contain keys and values, as in 'name: packing'");
            }
            return group;
        } catch (NoSuchFileException e) {
            throw new ExperimentFileException("There is no file " + file, e);
        } catch (BoundedText.TooLongException e) {
            throw new ExperimentFileException("%s, line %d: %s".formatted(file, e.line(), e.getMessage()), e);
        } catch (CharacterCodingException e) {
            throw new ExperimentFileException(file + " is not UTF-8 text", e);
        } catch (JsonProcessingException e) {
            throw new ExperimentFileException(
                    "%s, line %d: not valid YAML: %s".formatted(file, line(e), problem(e)), e);
        } catch (IOException e) {
            throw new ExperimentFileException(file + " cannot be read: " + FileFailure.reason(e), e);
        }
    }

    private static String text(Path file) throws IOException {
        var whole = new StringWriter();
        try (var reader = BoundedText.whole(Files.newBufferedReader(file), TEXT_LENGTH_MAX)) {
            reader.transferTo(whole);
        }
        return whole.toString();
    }

    private Experiment experiment() {
        String name = root.requiredText("name", "a name, such as packing");
        if (!name.matches("[A-Za-z0-9][A-Za-z0-9._-]{0,63}")) {
            throw root.wrong(
                    "name", "up to 64 letters, digits, dots, underscores or hyphens, beginning with a letter or digit");
        }
        String description = description();
        Kind kind = kind();
        var clusterSection = new ClusterSection(cluster(), traces);
        GpuModels gpuModels = clusterSection.gpuModels();
        var nodes = clusterSection.nodes(gpuModels);
        var tasks = new WorkloadSection(workload(), traces).tasks(kind);
        List<PolicyChoice> policies = new PoliciesKey(root).policies(kind);
        List<BigDecimal> loads = loads(kind);
        List<Long> seeds = root.texts("seeds")
                .map(texts -> Ranges.parse(texts).orElseThrow(() -> root.wrong("seeds", Ranges.ALLOWED)))
                .orElse(List.of(DEFAULT_SEED));
        var experiment = new Experiment(
                name,
                description,
                kind,
                nodes,
                gpuModels,
                tasks,
                policies,
                loads,
                seeds,
                metrics(kind),
                telemetry(kind),
                new FaultsKey(root, traces).laws(kind));
        requireSensible(experiment);
        return experiment;
    }

    /** Returns the description, the only text that may have several lines. */
    private String description() {
        String text = root.text("description").orElse("").strip().replace('\t', ' ');
        if (!text.lines().allMatch(PlainText::isPlain)) {
            throw root.wrong("description", PlainText.ALLOWED);
        }
        return text;
    }

    private Section cluster() {
        return root.section("cluster")
                .orElseThrow(
                        () -> root.wrong("cluster", "a group with file, or with nodes, gpus_per_node and gpu_model"));
    }

    private Section workload() {
        return root.section("workload")
                .orElseThrow(() -> root.wrong("workload", "a group with tasks, or with synthetic"));
    }

    private Kind kind() {
        List<String> names = Arrays.stream(Kind.values())
                .map(kind -> kind.name().toLowerCase(Locale.ROOT))
                .toList();
        return Kind.valueOf(root.choice("kind", names, "trace").toUpperCase(Locale.ROOT));
    }

    private List<BigDecimal> loads(Kind kind) {
        List<String> texts = root.texts("loads").orElse(List.of());
        if (kind == Kind.ROUNDS && !texts.isEmpty()) {
            throw root.wrong("loads", "absent: kind: rounds does not scale the workload");
        }
        List<BigDecimal> loads = texts.stream().map(this::load).distinct().toList();
        return loads.isEmpty() && kind == Kind.PACKING ? List.of(DEFAULT_PACKING_LOAD) : loads;
    }

    private BigDecimal load(String text) {
        String allowed = "numbers above 0, up to " + LOAD_MAX;
        try {
            return Section.positiveNumber(text)
                    .filter(load -> load.compareTo(LOAD_MAX) <= 0)
                    .orElseThrow(() -> root.wrong("loads", allowed))
                    .stripTrailingZeros();
        } catch (NumberFormatException e) {
            throw root.wrong("loads", allowed);
        }
    }

    private List<Metric> metrics(Kind kind) {
        return root.texts("metrics")
                .map(ids -> ids.stream().map(ExperimentFile::metric).toList())
                .orElseGet(() -> switch (kind) {
                    case PACKING -> List.of(Metric.ALLOCATED, Metric.FRAGMENTED);
                    case TRACE ->
                        List.of(
                                Metric.JCT_MEAN,
                                Metric.JCT_P99,
                                Metric.QUEUEING_MEAN,
                                Metric.MAKESPAN,
                                Metric.GPU_ALLOCATION_MEAN);
                    case ROUNDS -> List.of(Metric.JCT_MEAN, Metric.JCT_P99, Metric.MAKESPAN);
                });
    }

    private static Metric metric(String id) {
        List<Metric> metrics = List.of(Metric.values());
        return metrics.stream()
                .filter(metric -> metric.id().equals(id))
                .findFirst()
                .orElseThrow(() -> ExperimentFileException.of(
                        "metrics",
                        "'" + id + "'",
                        Section.oneOf(id, metrics.stream().map(Metric::id).toList())));
    }

    private Experiment.@Nullable Telemetry telemetry(Kind kind) {
        String text = root.text("telemetry").orElse("auto");
        if (text.equals("off") || text.equals("false")) { // YAML reads off as false.
            return null;
        }
        if (text.equals("auto")) {
            return kind == Kind.TRACE ? new Experiment.Telemetry(false, DEFAULT_TELEMETRY_PERIOD_MS) : null;
        }
        if (kind != Kind.TRACE) {
            throw root.wrong("telemetry", "off or auto: telemetry needs kind: trace");
        }
        long periodMs = Section.durationMs("telemetry", text);
        if (periodMs < 1) {
            throw root.wrong("telemetry", "off, auto, or a period such as 10s");
        }
        return new Experiment.Telemetry(true, periodMs);
    }

    private void requireSensible(Experiment experiment) {
        long runs = (long) experiment.policies().size()
                * Math.max(1, experiment.loads().size())
                * experiment.seeds().size()
                * (experiment.tasks() instanceof Experiment.Recorded recorded
                        ? recorded.files().size()
                        : 1);
        if (runs > RUNS_MAX) {
            throw new ExperimentFileException(
                    "The experiment has %,d runs, but at most %,d are allowed".formatted(runs, RUNS_MAX));
        }
        Set<String> labels = new HashSet<>();
        for (PolicyChoice policy : experiment.policies()) {
            if (!labels.add(policy.label())) {
                throw root.wrong("policies", "different policies: " + policy.label() + " occurs twice");
            }
        }
        List<Integer> sizes = experiment.nodes().stream()
                .map(NodeInventory::gpuCount)
                .distinct()
                .toList();
        if (experiment.kind() == Kind.ROUNDS && sizes.size() > 1) {
            throw new ExperimentFileException(
                    "cluster has nodes with different numbers of GPUs, but kind: rounds needs equal numbers");
        }
        if (experiment.capacityMilli() == 0) {
            throw new ExperimentFileException("cluster has no GPUs, but must have at least one");
        }
    }
}
