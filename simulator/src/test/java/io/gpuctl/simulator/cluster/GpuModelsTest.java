package io.gpuctl.simulator.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.gpuctl.events.InvalidFieldException;
import io.gpuctl.simulator.model.NodeModel;
import io.gpuctl.simulator.model.PowerCurve;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class GpuModelsTest {
    @TempDir
    Path directory;

    @ParameterizedTest
    @ValueSource(strings = {"P100", "T4", "V100M16", "V100M32", "A10", "G1", "G2", "G3", "A100", "H100"})
    void knowsTheModelsOfPublicTraces(String name) {
        assertThat(GpuModels.builtIn().named(name)).isPresent();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"T4", "V100-SXM2-32GB", "A100-SXM4-80GB", "L40S", "H100-SXM5-80GB", "H200", "B200", "MI300X"})
    void knowsTheModelsOfTodaysDataCentres(String name) {
        assertThat(GpuModels.builtIn().named(name)).isPresent();
    }

    static List<String> names() {
        return GpuModels.builtIn().names();
    }

    @ParameterizedTest
    @MethodSource("names")
    void everyModelRunsAtFullLoadAtItsLimitWithoutThrottling(String name) {
        var model = GpuModels.builtIn().named(name.toLowerCase(Locale.ROOT)).orElseThrow();

        var full = SteadyState.of(GpuModels.builtIn(), name, 1, 25);

        assertThat(full.clocks().reasons()).isEmpty();
        assertThat(full.powerWatts()).isEqualTo(model.powerWatts().limit());
        assertThat(full.smClockMhz()).isEqualTo(model.clocks().boostMhz());
        assertThat(full.temperatureCelsius()).isLessThan(model.celsius().maxOperating());
    }

    @ParameterizedTest
    @MethodSource("names")
    void everyModelIdlesAtIdlePowerAndClock(String name) {
        var model = GpuModels.builtIn().named(name).orElseThrow();

        var idle = SteadyState.of(GpuModels.builtIn(), name, 0, 25);

        assertThat(idle.clocks().reasons()).containsExactly("gpu_idle");
        assertThat(idle.powerWatts()).isEqualTo(model.powerWatts().idle());
        assertThat(idle.smClockMhz()).isEqualTo(model.clocks().idleMhz());
    }

    /** Values of nvidia-smi and amd-smi, from logs that gpu-models.yaml names. */
    @ParameterizedTest
    @CsvSource({
        // MiB: total, for tasks;       W;   C
        "P100,           16384,  16280,  26,  80,  82,  85",
        "T4,             15360,  15022,  10,  85,  93,  96",
        "V100-SXM2-32GB, 32768,  32510,  40,  83,  87,  90",
        "A10,            23028,  22516,  18,  91,  98,  101",
        "A100-SXM4-80GB, 81920,  81086,  60,  85,  89,  92",
        "A100-PCIE-40GB, 40960,  40536,  35,  85,  89,  92",
        "L40S,           46068,  45499,  28,  88,  90,  93",
        "H100-SXM5-80GB, 81559,  81008,  85,  87,  89,  95",
        "H200,           143771, 143071, 75,  87,  89,  95",
        "B200,           183359, 182075, 140, 87,  89,  95",
        "MI300X,         196592, 195216, 140, 95,  100, 110",
    })
    void figuresAreThoseOfRealCards(
            String name,
            long totalMib,
            long usableMib,
            double idleWatts,
            double maxOperating,
            double slowdown,
            double shutdown) {
        var model = GpuModels.builtIn().named(name).orElseThrow();

        assertThat(model.memory().totalMib()).isEqualTo(totalMib);
        assertThat(model.memoryMib()).isEqualTo(usableMib);
        assertThat(model.powerWatts().idle()).isEqualTo(idleWatts);
        assertThat(model.celsius()).isEqualTo(new GpuModel.Celsius(maxOperating, slowdown, shutdown));
        assertThat(ClusterShape.of(1, 8, name).getFirst().gpuMemoryMib()).isEqualTo(usableMib);
    }

    /** {@code warmer}: memory temperature of an idle GPU above that of the die. */
    @ParameterizedTest
    @CsvSource({"A100-SXM4-80GB, 18", "H100-SXM5-80GB, 8", "H200, -2", "V100-SXM2-32GB, -2"})
    void idleMemoryIsAsWarmAsOnRealCards(String name, double warmer) {
        var inventory = ClusterShape.of(1, 1, name).getFirst();
        var node = new NodeModel(inventory, 1, GpuModels.builtIn().physics(inventory), 0);

        var sensors = node.telemetry(1).gpus().getFirst().sensors();

        assertThat(sensors.memoryCelsius() - sensors.gpuCelsius()).isCloseTo(warmer, within(0.5));
    }

    @ParameterizedTest
    @MethodSource("names")
    void everyModelKeepsWithinEveryLimitThatIsAllowed(String name) throws IOException {
        var model = GpuModels.builtIn().named(name).orElseThrow();
        double lowest = Math.ceil(PowerCurve.typical(model.powerWatts().fullLoad())
                .wattsAtFullLoad(model.powerWatts().idle(), model.clocks().floorMilli()));
        assertThat(lowest).isLessThan(model.powerWatts().limit() / 2);
        assertThatThrownBy(() -> with(capped(name, lowest - 1))).hasMessageContaining("limit_power_watts is");
        for (double share : new double[] {0, 0.1, 0.3, 0.6, 0.9}) {
            double limit = Math.rint(lowest + share * (model.powerWatts().limit() - lowest));
            var models = with(capped(name, limit));

            assertThat(SteadyState.of(models, "Capped", 1, 25).powerWatts()).isLessThanOrEqualTo(limit);
        }
    }

    private static String capped(String name, double limitWatts) {
        return "- {name: Capped, same_as: %s, limit_power_watts: %s}\n".formatted(name, limitWatts);
    }

    @Test
    void comparesThroughputWithAnA100() {
        var h100 = GpuModels.builtIn().named("H100").orElseThrow().throughput();

        assertThat(h100.relativeTraining().get(Precision.BF16)).isCloseTo(989.0 / 312, within(1e-9));
        assertThat(h100.relativeInference().get(Precision.FP8)).isCloseTo(3350.0 / 2039 * 2, within(1e-9));
        assertThat(h100.relativeTraining()).doesNotContainKey(Precision.FP4);
    }

    @Test
    void takesModelsFromAFile() throws IOException {
        var models = with("""
                - name: Quiet-A100
                  same_as: A100
                  limit_power_watts: 300
                  sink_rise_celsius: 20
                """);

        var quiet = models.named("quiet-a100").orElseThrow();
        assertThat(quiet.powerWatts()).isEqualTo(new GpuModel.PowerWatts(60, 300, 400));
        assertThat(quiet.clocks()).isEqualTo(models.named("A100").orElseThrow().clocks());
        assertThat(ClusterShape.of(1, NodeShape.of("Quiet-A100", 2), models)
                        .getFirst()
                        .gpuLimitPowerWatts())
                .isEqualTo(300);
    }

    @Test
    void aLowerLimitCapsTheClockOfTheSameGpu() throws IOException {
        var models = with("- name: Capped\n  same_as: H100\n  limit_power_watts: 500\n");

        var full = SteadyState.of(models, "Capped", 1, 25);

        assertThat(full.clocks().reasons()).containsExactly("sw_power_cap");
        assertThat(full.powerWatts()).isBetween(499.0, 500.0);
        assertThat(full.smClockMhz()).isLessThan(1980);
    }

    @Test
    void aModelOfAFileTakesThePlaceOfAKnownOne() throws IOException {
        var models = with("- name: t4\n  same_as: T4\n  limit_power_watts: 60\n");

        assertThat(models.all()).hasSameSizeAs(GpuModels.builtIn().all());
        assertThat(models.named("T4").orElseThrow().powerWatts().limit()).isEqualTo(60);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "- memory: 1GiB | 1 | name is missing, but must be given unless same_as names another model",
                "- name: X | 1 | memory is missing, but must be given unless same_as names another model",
                "- name: X;  same_as: Y | 2 | same_as is 'Y', but must be one of P100, T4",
                "- name: X;  same_as: T4;  memory: 16 | 3 | memory is '16', but must be a size such as",
                "- name: X;  same_as: T4;  limit_power_watts: 5 | 3 | limit_power_watts is 5.0, but must be at least idle",
                "- name: X;  same_as: T4;  limit_power_watts: 50000 | 3 | limit_power_watts is 50000.0, but must be a number",
                "- name: X;  same_as: T4;  full_load_power_watts: 1 | 3 | full_load_power_watts is 1.0, but must be at least",
                "- name: X;  same_as: T4;  base_clock_mhz: 1600 | 3 | base_clock_mhz is 1600, but must be a number from 300",
                "- name: X;  same_as: T4;  slowdown_celsius: 80 | 3 | slowdown_celsius is 80.0, but must be above max",
                "- name: X;  same_as: T4;  shutdown_celsius: 90 | 3 | shutdown_celsius is 90.0, but must be above slowdown",
                "- name: X;  same_as: T4;  watts: 90 | 3 | the field 'watts' is unknown; allowed fields are name, same_as",
                "- name: X;  same_as: T4;- name: X;  same_as: T4 | 3 | name is 'X', but must be unique in this file",
                "name: X | 1 | the file must be a list of GPU models, each beginning with '-'",
            })
    void saysWhatIsWrongInAFile(String lines, int line, String problem) {
        assertThatThrownBy(() -> with(lines.replace(";", "\n") + "\n"))
                .isInstanceOf(ClusterFileException.class)
                .hasMessageStartingWith(directory.resolve("models.yaml") + ", line " + line + ": " + problem.strip());
    }

    private GpuModels with(String content) throws IOException {
        return GpuModels.builtIn().with(Files.writeString(directory.resolve("models.yaml"), content));
    }

    @Test
    void numbersTheNodesOfAShape() {
        assertThat(ClusterShape.of(3, 1, "T4"))
                .extracting(node -> node.nodeId().value())
                .containsExactly("0", "1", "2");
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 0, 100_001})
    void refusesANumberOfNodesThatIsAMistake(int nodes) {
        assertThatThrownBy(() -> ClusterShape.of(nodes, 8, "A100")).isInstanceOf(InvalidFieldException.class);
    }
}
