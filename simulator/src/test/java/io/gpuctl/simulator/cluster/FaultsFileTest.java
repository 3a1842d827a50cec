package io.gpuctl.simulator.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.gpuctl.events.FaultKind;
import io.gpuctl.simulator.faults.FailureLaw;
import io.gpuctl.simulator.faults.FaultLaw;
import io.gpuctl.simulator.faults.RepairLaw;
import io.gpuctl.simulator.faults.Victims;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FaultsFileTest {
    private static final double LLAMA_GPU_HOURS = 16_384 * 54 * 24.0;

    @TempDir
    private Path directory;

    private Path file(String text) throws IOException {
        return Files.writeString(directory.resolve("faults.yaml"), text);
    }

    @Test
    void realisticRatesAddUpToThePublishedCounts() {
        double gpu = FaultsFile.realistic().of("H100-SXM5-80GB").stream()
                .filter(law -> law.kind() == FaultKind.XID && law.xid() != 63)
                .mapToDouble(law -> LLAMA_GPU_HOURS / law.failure().mtbfHours())
                .sum();
        double node = FaultsFile.realistic().all().stream()
                .filter(law -> law.kind() == FaultKind.NODE_CRASH || law.kind() == FaultKind.PARTITION)
                .mapToDouble(law -> LLAMA_GPU_HOURS / 8 / law.failure().mtbfHours())
                .sum();

        // Figures for H100: faulty GPU, HBM3, SRAM, system processor and software; then host and network.
        assertThat(gpu).isCloseTo(148 + 72 + 19 + 17 + 54, within(0.01));
        assertThat(node).isCloseTo(46 + 42, within(0.01));
    }

    @Test
    void readsALaw() throws IOException {
        var laws = FaultsFile.read(file("""
                - kind: straggler
                  mtbf_hours: 12.5
                  shape: 0.7
                  repair_median: 20m
                  repair_sigma: 0.5
                  factor_min: 0.25
                  factor_max: 0.75
                """));

        assertThat(laws.all())
                .containsExactly(new FaultLaw(
                        FaultKind.STRAGGLER,
                        0,
                        new FailureLaw(12.5, 0.7),
                        new RepairLaw(1_200_000, 0.5),
                        0.25,
                        0.75,
                        Victims.ALIKE));
    }

    @Test
    void readsWhomItBefalls() throws IOException {
        var laws = FaultsFile.read(file("""
                - kind: xid
                  xid: 74
                  gpu_model: A100
                  mtbf_hours: 5000
                  lemon_share: 0.01
                  lemon_faults: 0.5
                  peer_chance: 0.42
                  heat_doubling_celsius: 10
                  heat_normal_celsius: 70
                """));

        assertThat(laws.all().getFirst().victims()).isEqualTo(new Victims("a100", 0.01, 0.5, 0.42, 10, 70));
    }

    /** Hours per GPU, from Cui et al., SC 2025, and from the Llama 3 paper. */
    @ParameterizedTest
    @CsvSource({
        "A100-SXM4-80GB, 74, 5000",
        "A100-SXM4-80GB, 119, 2490",
        "quiet-a100, 119, 2490",
        "H100, 74, 707789",
        "H100, 119, 1249039",
        "H200, 74, 707789",
        "B200, 145, 707789",
        "T4, 119, 1249039"
    })
    void ratesDependOnTheModel(String gpuModel, int xid, double mtbfHours) {
        assertThat(FaultsFile.realistic().of(gpuModel))
                .filteredOn(law -> law.xid() == xid)
                .singleElement()
                .satisfies(law -> assertThat(law.failure().mtbfHours()).isEqualTo(mtbfHours));
    }

    @Test
    void linksFailOnModelsThatHaveThem() {
        assertThat(FaultsFile.realistic().of("T4")).noneMatch(law -> law.xid() == 74 || law.xid() == 145);
        assertThat(FaultsFile.realistic().of("B200")).noneMatch(law -> law.xid() == 74);
    }

    /** Page faults, from Cui et al.: 650 to 730 times as often as in the Llama 3 training. Others do not change. */
    @ParameterizedTest
    @CsvSource({"A100, 1080", "H100, 1210"})
    void programsOfManyUsersFailFarMoreOften(String gpuModel, double mtbfHours) {
        var shared = FaultsFile.sharedCluster();

        assertThat(shared.law(FaultKind.XID, 31, gpuModel)
                        .orElseThrow()
                        .failure()
                        .mtbfHours())
                .isEqualTo(mtbfHours);
        assertThat(shared.of(gpuModel))
                .filteredOn(law -> law.xid() != 31 && law.xid() != 43 && law.xid() != 45)
                .hasSize(FaultsFile.realistic().of(gpuModel).size() - 3)
                .isSubsetOf(FaultsFile.realistic().of(gpuModel));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{kind: xid, mtbf_hours: 1}|xid is 0, but must be a number from 1 to 999",
                "{kind: crash, mtbf_hours: 1}|kind is 'crash', but must be one of xid, thermal_shutdown, node_crash",
                "{kind: node_crash}|mtbf_hours is missing, but must be a mean time in hours",
                "{kind: node_crash, xid: 79, mtbf_hours: 1}|xid is 79, but must be absent",
                "{kind: node_crash, mtbf_hours: -1}|mtbf_hours is '-1', but must be a number",
                "{kind: node_crash, mtbf_hours: 1, repair_median: 5}|repair_median is '5', but must be a duration",
                "{kind: partition, mtbf_hours: 1, factor_min: 0.5}|factor_min is '0.5', but must be absent",
                "{kind: partition, mtbf_hours: 1, lemon_share: 0.1, lemon_faults: 0.5}|kind is PARTITION, but must be a fault of GPUs",
                "{kind: xid, xid: 1, mtbf_hours: 1, lemon_share: 0.5, lemon_faults: 0.1}|lemon_faults is 0.1, but must be",
                "{kind: xid, xid: 1, mtbf_hours: 1, peer_chance: 2}|peer_chance is 2.0, but must be a number from 0",
                "{kind: partition, mtbf: 1}|the field 'mtbf' is unknown",
            })
    void saysWhatIsWrongWithFileAndLine(String law, String problem) throws IOException {
        Path file = file("- {kind: partition, mtbf_hours: 1}\n- " + law + "\n");

        assertThatThrownBy(() -> FaultsFile.read(file))
                .isInstanceOf(ClusterFileException.class)
                .hasMessageContaining(file + ", line 2: ")
                .hasMessageContaining(problem);
    }

    @Test
    void refusesTwoLawsOfOneKind() throws IOException {
        Path file = file("- {kind: xid, xid: 79, mtbf_hours: 1}\n- {kind: xid, xid: 79, mtbf_hours: 2}\n");

        assertThatThrownBy(() -> FaultsFile.read(file))
                .hasMessageContaining("line 2: xid is 79, but must be unique among the laws for one gpu_model");
    }
}
