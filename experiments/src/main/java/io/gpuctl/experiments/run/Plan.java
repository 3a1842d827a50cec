package io.gpuctl.experiments.run;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.gpuctl.events.NodeInventory;
import io.gpuctl.events.NodeTelemetry;
import io.gpuctl.events.kafka.EventJson;
import io.gpuctl.experiments.engine.FactSink;
import io.gpuctl.experiments.result.RunKey;
import io.gpuctl.experiments.spec.Experiment;
import io.gpuctl.experiments.spec.ExperimentFileException;
import io.gpuctl.experiments.spec.PolicyChoice;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The runs of an experiment, with all their inputs. Immutable: several threads may execute runs in parallel. */
public final class Plan {
    private final Experiment experiment;
    private final RunMethod method;
    private final Map<RunKey, RunInput> inputs;
    private final String fingerprint;

    private Plan(Experiment experiment, RunMethod method, Map<RunKey, RunInput> inputs, String fingerprint) {
        this.experiment = experiment;
        this.method = method;
        this.inputs = inputs;
        this.fingerprint = fingerprint;
    }

    /**
     * Reads the workloads and plans the runs.
     *
     * @throws ExperimentFileException if a workload cannot be read, or cannot be run in this experiment
     */
    public static Plan of(Experiment experiment) {
        List<Source> sources = sources(experiment);
        RunMethod method = switch (experiment.kind()) {
            case PACKING -> new PackingRun();
            case TRACE -> new TraceRun();
            case ROUNDS -> new RoundsRun();
        };
        return new Plan(experiment, method, inputs(experiment, sources), fingerprint(experiment, sources));
    }

    private static List<Source> sources(Experiment experiment) {
        return switch (experiment.tasks()) {
            case Experiment.Drawn drawn -> List.of(new Source.Drawn(drawn.workload()));
            case Experiment.Recorded recorded ->
                recorded.files().stream()
                        .<Source>map(file -> experiment.kind() == Experiment.Kind.ROUNDS
                                ? Source.Jobs.read(file, recorded.limit())
                                : Source.Recorded.read(file, recorded))
                        .toList();
        };
    }

    private static Map<RunKey, RunInput> inputs(Experiment experiment, List<Source> sources) {
        Map<RunKey, RunInput> inputs = new LinkedHashMap<>();
        for (Source source : sources) {
            for (PolicyChoice policy : experiment.policies()) {
                for (@Nullable BigDecimal load : loads(experiment)) {
                    for (long seed : experiment.seeds()) {
                        var key = new RunKey(experiment.name(), source.name(), policy.label(), load, seed);
                        if (inputs.put(key, new RunInput(key, experiment, policy, source)) != null) {
                            throw new ExperimentFileException(
                                    "workload.tasks has two files named %s, apart from their extensions: rename one"
                                            .formatted(source.name()));
                        }
                    }
                }
            }
        }
        return inputs;
    }

    private static List<@Nullable BigDecimal> loads(Experiment experiment) {
        List<@Nullable BigDecimal> loads = new ArrayList<>(experiment.loads());
        if (loads.isEmpty()) {
            loads.add(null);
        }
        return loads;
    }

    private static String fingerprint(Experiment experiment, List<Source> sources) {
        var digest = FactChecksum.sha256();
        List<String> parts = new ArrayList<>();
        parts.add(ProgramFingerprint.compute());
        parts.add(experiment.kind().name());
        parts.add(String.valueOf(experiment.telemetry()));
        parts.add(String.valueOf(experiment.faults()));
        experiment.nodes().stream()
                .map(NodeInventory::gpuModel)
                .distinct()
                .forEach(
                        model -> parts.add(String.valueOf(experiment.gpuModels().named(model))));
        sources.forEach(source -> parts.add(source.fingerprint()));
        try {
            digest.update(EventJson.mapper().writeValueAsBytes(experiment.nodes()));
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
        digest.update(String.join("\n", parts).getBytes(StandardCharsets.UTF_8));
        return HexFormat.of().formatHex(digest.digest());
    }

    public Experiment experiment() {
        return experiment;
    }

    /** Returns the runs, ordered by workload, policy, load and seed as in the experiment's file. */
    public List<RunKey> runs() {
        return List.copyOf(inputs.keySet());
    }

    /** Returns a digest of all that a run depends on besides its key. */
    String fingerprint() {
        return fingerprint;
    }

    /**
     * Executes one run.
     *
     * @param facts gets the facts of the run; an exception that it throws ends the run
     */
    public FinishedRun run(RunKey key, FactSink facts) {
        return run(key, facts, _ -> {});
    }

    /**
     * Executes one run.
     *
     * @param telemetry gets the samples of measured nodes, in order of time with the facts
     */
    FinishedRun run(RunKey key, FactSink facts, Consumer<NodeTelemetry> telemetry) {
        RunInput input = inputs.get(key);
        if (input == null) {
            throw new IllegalArgumentException("There is no run " + key);
        }
        return method.run(input, facts, telemetry);
    }
}
