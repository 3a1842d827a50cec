package io.gpuctl.experiments.spec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gpuctl.events.FaultKind;
import io.gpuctl.experiments.result.Metric;
import io.gpuctl.experiments.workload.SyntheticWorkload;
import io.gpuctl.simulator.cluster.FaultsFile;
import io.gpuctl.simulator.faults.FailureLaw;
import io.gpuctl.simulator.faults.FaultLaw;
import io.gpuctl.simulator.faults.FaultLaws;
import io.gpuctl.simulator.faults.RepairLaw;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ExperimentFileTest {
    private static final Path SHIPPED = Path.of("../experiments");

    private static final String SMALL = """
            name: small
            cluster: {nodes: 2, gpus_per_node: 4}
            workload: {synthetic: {tasks: 10}}
            policies: fifo
            """;

    @TempDir
    private Path directory;

    private Experiment read(String yaml, String... settings) throws IOException {
        Path file = Files.writeString(directory.resolve("experiment.yaml"), yaml);
        return ExperimentFile.read(file, Overrides.of(List.of(settings)), Map.of());
    }

    @Test
    void whatIsNotSaidHasADefault() throws IOException {
        Experiment experiment = read(SMALL);

        assertThat(experiment.kind()).isEqualTo(Experiment.Kind.TRACE);
        assertThat(experiment.nodes()).hasSize(2);
        assertThat(experiment.capacityMilli()).isEqualTo(8_000);
        assertThat(experiment.seeds()).containsExactly(42L);
        assertThat(experiment.loads()).isEmpty();
        assertThat(experiment.telemetry()).isEqualTo(new Experiment.Telemetry(false, 10_000));
        assertThat(experiment.tasks()).isInstanceOfSatisfying(Experiment.Drawn.class, drawn -> {
            assertThat(drawn.workload().durations()).isEqualTo(SyntheticWorkload.Durations.PHILLY);
            assertThat(drawn.workload().gpus()).isEqualTo(SyntheticWorkload.phillyGpus());
        });
    }

    @Test
    void everyKeyIsRead() throws IOException {
        Files.writeString(directory.resolve("pods.csv"), "");
        Experiment experiment = read("""
                name: all
                description: What it is about.
                kind: trace
                cluster: {nodes: 3, gpus_per_node: 8, gpu_model: A100-SXM4-80GB}
                workload: {tasks: pods.csv, limit: 5, scale: 2}
                policies: [fifo, {name: intelligent, weights: {temperature: 2}}, tiresias+fgd]
                loads: [0.7, 1.10]
                seeds: [1..3, 7]
                metrics: [makespan_s]
                telemetry: 30s
                """);

        assertThat(experiment.description()).isEqualTo("What it is about.");
        assertThat(experiment.policies())
                .extracting(PolicyChoice::label)
                .containsExactly("fifo", "intelligent(temperature=2)", "tiresias+fgd");
        assertThat(experiment.loads()).containsExactly(new BigDecimal("0.7"), new BigDecimal("1.1"));
        assertThat(experiment.seeds()).containsExactly(1L, 2L, 3L, 7L);
        assertThat(experiment.metrics()).containsExactly(Metric.MAKESPAN);
        assertThat(experiment.telemetry()).isEqualTo(new Experiment.Telemetry(true, 30_000));
        assertThat(experiment.tasks())
                .isEqualTo(new Experiment.Recorded(
                        List.of(directory.resolve("pods.csv").toAbsolutePath()), 5, BigDecimal.TWO, false));
    }

    @Test
    void theCommandLineGoesBeforeTheFile() throws IOException {
        Experiment experiment = read(
                SMALL,
                "seeds=1..2",
                "policies=fgd,best-fit",
                "workload.synthetic.tasks=20",
                "workload.synthetic.gpus={8: 1}",
                "seeds=5..6");

        assertThat(experiment.seeds()).containsExactly(5L, 6L);
        assertThat(experiment.policies()).extracting(PolicyChoice::name).containsExactly("fgd", "best-fit");
        assertThat(experiment.tasks()).isInstanceOfSatisfying(Experiment.Drawn.class, drawn -> {
            assertThat(drawn.workload().tasks()).isEqualTo(20);
            assertThat(drawn.workload().gpus()).isEqualTo(Map.of(BigDecimal.valueOf(8), 1.0));
        });
    }

    @Test
    void tracesAreWhereSomebodySaysThatTheyAre() throws IOException {
        Path mine = Files.createDirectories(directory.resolve("mine"));
        Path theirs = Files.createDirectories(directory.resolve("theirs"));
        Files.writeString(mine.resolve("t.csv"), "");
        Files.writeString(theirs.resolve("t.csv"), "");
        String yaml =
                SMALL.replace("{synthetic: {tasks: 10}}", "{tasks: '${TRACES}/t.csv'}") + "traces: [absent, mine]\n";
        Path file = Files.writeString(directory.resolve("experiment.yaml"), yaml);
        Map<String, String> environment = Map.of(TraceFolder.VARIABLE, theirs.toString());

        assertThat(files(ExperimentFile.read(file, Overrides.NONE, Map.of()))).containsExactly(mine.resolve("t.csv"));
        assertThat(files(ExperimentFile.read(file, Overrides.NONE, environment)))
                .containsExactly(theirs.resolve("t.csv"));
        assertThat(files(ExperimentFile.read(file, Overrides.of(List.of("traces=" + mine)), environment)))
                .containsExactly(mine.resolve("t.csv"));
    }

    private static List<Path> files(Experiment experiment) {
        return ((Experiment.Recorded) experiment.tasks()).files();
    }

    /** Each row has a mistake, and what the message must contain: the key, the value, and what is allowed. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            polices=fifo                            | polices is unknown: did you mean policies?; allowed keys:
            policies=fgdd                           | policies: policy is fgdd
            policies=fgdd                           | did you mean fgd?
            policies=srft                           | did you mean srtf?
            policies=srfs                           | did you mean srsf?
            kind=traces                             | kind is 'traces', but must be one of packing, trace, rounds: did you mean trace?
            seeds=3..1                              | seeds is '3..1', but must be whole numbers or ranges of them
            seeds=1,1                               | each once
            loads=0                                 | loads is '0', but must be numbers above 0
            metrics=jct_mean                        | metrics is 'jct_mean', but must be one of
            telemetry=10                            | telemetry is '10', but must be a duration such as 30s
            workload.tasks=pom.xml                  | workload must have tasks (one or more files) or synthetic
            workload.synthetic.tasks=0              | workload.synthetic.tasks is '0', but must be a whole number from 1 to
            workload.synthetic.durations.max=1s     | workload.synthetic.durations.max is '1s'
            workload.synthetic.durations.sigma=-1   | workload.synthetic.durations.sigma is '-1', but must be a number above 0
            workload.synthetic.gpus={0.3333: 1}     | workload.synthetic.gpus.0.3333 is not a number of GPUs
            cluster.gpus_per_node=-1                | cluster.gpus_per_node is '-1', but must be a whole number from 0 to
            cluster.gpus_per_node=0                 | cluster has no GPUs
            cluster.gpu_model=Voodoo2               | cluster.gpu_model is
            cluster.nodes.x=1                       | cluster.nodes must be a group of keys
            name=my experiment                      | name is 'my experiment'
            seeds=1..100001                         | seeds is '1..100001'
            loads=1e-10000000                       | loads is '1e-10000000', but must be numbers above 0
            loads=1e99999999999                     | loads is '1e99999999999', but must be numbers above 0
            loads=1e-20                             | loads is '1e-20', but must be numbers above 0
            kind=rounds                             | workload.synthetic
            workload.synthetic.gpus={1: 0.9, 8: 0.2} | workload.synthetic.gpus adds up to 1.1, but must add up to 1
            workload.synthetic.gpus={1: 0.5, 1.0: 0.5} | workload.synthetic.gpus.1.0 is '0.5', but must be absent
            workload.synthetic.mean_gap=0.0001s     | workload.synthetic.mean_gap is '0.0001s', but must be a duration
            workload.skip_bad_rows=maybe            | workload.skip_bad_rows is 'maybe', but must be true or false
            cluster.pool=a                          | cluster.pool is 'a', but must be absent
            """)
    void whatIsWrongIsNamed(String setting, String message) {
        assertThatThrownBy(() -> read(SMALL + "description: x\n", withDefaults(setting)))
                .isInstanceOf(ExperimentFileException.class)
                .hasMessageContaining(message);
    }

    private static String[] withDefaults(String setting) {
        return setting.contains("durations.max")
                ? new String[] {"workload.synthetic.durations.min=2s", setting}
                : new String[] {setting};
    }

    @Test
    void aWholeNumberMayBeWrittenInAnyForm() throws IOException {
        assertThat(read(SMALL, "cluster.nodes=2.0", "workload.synthetic.tasks=1e+03")
                        .tasks())
                .isInstanceOfSatisfying(
                        Experiment.Drawn.class,
                        drawn -> assertThat(drawn.workload().tasks()).isEqualTo(1_000));
    }

    @Test
    void anExperimentRunsInOnePoolOfAFile() throws IOException {
        Files.writeString(
                directory.resolve("nodes.yaml"),
                "- {count: 2, id_prefix: a-, pool: a}\n- {count: 3, id_prefix: b-, pool: b}\n");
        String yaml = """
                name: pools
                cluster: {file: nodes.yaml}
                workload: {synthetic: {tasks: 10}}
                policies: [fifo]
                """;

        assertThat(read(yaml, "cluster.pool=b").nodes())
                .hasSize(3)
                .allMatch(node -> node.pool().value().equals("b"));
        assertThatThrownBy(() -> read(yaml))
                .isInstanceOf(ExperimentFileException.class)
                .hasMessageContaining("nodes.yaml has nodes of the pools a, b, but an experiment runs in one pool")
                .hasMessageEndingWith("set cluster.pool");
        assertThatThrownBy(() -> read(yaml, "cluster.pool=c")).hasMessageContaining("one of a, b");
    }

    @Test
    void gpuModelsComeFromAFileToo() throws IOException {
        Files.writeString(directory.resolve("models.yaml"), "- name: Mine\n  same_as: T4\n  memory: 24GiB\n");

        Experiment experiment = read("""
                name: mine
                cluster: {nodes: 1, gpu_model: mine, gpu_models: models.yaml}
                workload: {synthetic: {tasks: 10}}
                policies: [fifo]
                """);

        assertThat(experiment.nodes().getFirst().gpuModel()).isEqualTo("Mine");
        assertThat(experiment.gpuModels().named("Mine")).isPresent();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "name: x/cluster: a: b | 2: not valid YAML: mapping values are not allowed here",
                "name: x/kind: \"open | 2: not valid YAML: found unexpected end of stream",
                "name: x/kind: [a, b/seeds: 1 | 3: not valid YAML: expected",
                "name: x/name: y | 2: not valid YAML: Duplicate",
                "name: x/\tkind: y | 2: not valid YAML: "
            })
    void whatIsNoYamlIsToldWithItsLine(String lines, String problem) {
        assertThatThrownBy(() -> read(lines.replace('/', '\n')))
                .isInstanceOf(ExperimentFileException.class)
                .hasMessageContaining("experiment.yaml, line " + problem);
    }

    @Test
    void aTextWithoutEndIsNotRead() {
        assertThatThrownBy(() -> read("name: " + "x".repeat(5 << 20)))
                .isInstanceOf(ExperimentFileException.class)
                .hasMessageEndingWith("experiment.yaml, line 1: the text has more than 1,048,576 characters");
        assertThatThrownBy(() -> read("name: " + "x".repeat(1_000_000)))
                .isInstanceOf(ExperimentFileException.class)
                .message()
                .hasSizeLessThan(500);
    }

    @Test
    void aFileThatIsNotThereIsNamed() {
        String yaml = SMALL.replace("{synthetic: {tasks: 10}}", "{tasks: absent.csv}");

        assertThatThrownBy(() -> read(yaml))
                .isInstanceOf(ExperimentFileException.class)
                .hasMessageContaining("workload.tasks is 'absent.csv', but must be a file: there is no "
                        + directory.resolve("absent.csv"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"quickstart", "thermal", "scale"})
    void theShippedFilesWithoutDataAreReadable(String name) {
        Experiment experiment = ExperimentFile.read(SHIPPED.resolve(name + ".yaml"), Overrides.NONE, Map.of());

        assertThat(experiment.tasks()).isInstanceOf(Experiment.Drawn.class);
    }

    @ParameterizedTest
    @CsvSource({"fgd-openb, PACKING, openb", "muri, ROUNDS, muri", "philly, TRACE, philly", "nasa-ipsc, TRACE, swf"})
    void theOtherShippedFilesNameTheTracesThatTheyWant(String name, Experiment.Kind kind, String folder)
            throws IOException {
        Path traces = Files.createDirectories(directory.resolve("traces").resolve(folder));
        Files.writeString(
                traces.resolve("openb_node_list_gpu_node.csv"),
                "sn,cpu_milli,memory_mib,gpu,model\nnode-1,96000,786432,8,V100M32\n");
        for (String file : List.of(
                "openb_pod_list_default.csv",
                "trace1.csv.gz",
                "trace3.csv.gz",
                "trace3_pr.csv.gz",
                "job_type_1.csv.gz",
                "philly.csv.gz",
                "NASA-iPSC-1993-3.1-cln.swf.gz")) {
            Files.writeString(traces.resolve(file), "");
        }

        Experiment experiment = ExperimentFile.read(
                SHIPPED.resolve(name + ".yaml"),
                Overrides.of(List.of("traces=" + directory.resolve("traces"))),
                Map.of());

        assertThat(experiment.kind()).isEqualTo(kind);
    }

    @Test
    void faultsAreOffUnlessSomethingElseIsSaid() throws IOException {
        Files.writeString(directory.resolve("mine.yaml"), "- {kind: node_crash, mtbf_hours: 10, repair_median: 5m}");

        assertThat(read(SMALL).faults()).isEqualTo(FaultLaws.OFF);
        assertThat(read(SMALL + "faults: off\n").faults()).isEqualTo(FaultLaws.OFF);
        assertThat(read(SMALL + "faults: realistic\n").faults()).isEqualTo(FaultsFile.realistic());
        FaultLaws mine = read(SMALL + "faults: mine.yaml\n").faults();
        assertThat(mine.all())
                .containsExactly(
                        new FaultLaw(FaultKind.NODE_CRASH, 0, new FailureLaw(10, 1), new RepairLaw(300_000, 1)));
        assertThat(read(SMALL + "faults: [{kind: node_crash, mtbf_hours: 10, repair_median: 5m}]\n")
                        .faults())
                .isEqualTo(mine);
        assertThat(read(SMALL + "faults: {laws: mine.yaml, scale: 4}\n").faults())
                .isEqualTo(mine.scaled(4));
        assertThat(read(SMALL, "faults=realistic").faults()).isEqualTo(FaultsFile.realistic());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "nowhere.yaml|faults",
                "{scale: 2}|faults.laws is missing",
                "{laws: realistic, scale: 0}|faults.scale is '0'",
                "{laws: realistic, factor: 2}|faults.factor is unknown",
                "[{kind: xid, mtbf_hours: 1}]|faults[0].xid is 0",
                "[{kind: partition, mtbf: 1}]|faults[0].mtbf_hours is missing",
                "[{kind: partition, mtbf_hours: 1, hours: 2}]|faults[0].hours is unknown",
                "[{kind: partition, mtbf_hours: 1}, {kind: partition, mtbf_hours: 2}]|different laws",
            })
    void saysWhatIsWrongWithFaults(String faults, String problem) {
        assertThatThrownBy(() -> read(SMALL + "faults: " + faults + "\n"))
                .isInstanceOf(ExperimentFileException.class)
                .hasMessageContaining(problem);
    }

    @Test
    void nothingBreaksWhereTimesMeanNothing() {
        assertThatThrownBy(() -> read(SMALL + "kind: packing\nfaults: realistic\n"))
                .isInstanceOf(ExperimentFileException.class)
                .hasMessageContaining("faults is 'realistic', but must be off");
    }
}
