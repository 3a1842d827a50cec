package io.gpuctl.simulator.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.gpuctl.events.FaultKind;
import io.gpuctl.simulator.faults.FailureLaw;
import io.gpuctl.simulator.faults.FaultLaw;
import io.gpuctl.simulator.faults.RepairLaw;
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
        double gpu = FaultsFile.realistic().all().stream()
                .filter(law -> law.kind() == FaultKind.XID && law.xid() != 63)
                .mapToDouble(law -> LLAMA_GPU_HOURS / law.failure().mtbfHours())
                .sum();
        double node = FaultsFile.realistic().all().stream()
                .filter(law -> law.kind() == FaultKind.NODE_CRASH || law.kind() == FaultKind.PARTITION)
                .mapToDouble(law -> LLAMA_GPU_HOURS / 8 / law.failure().mtbfHours())
                .sum();

        // Faulty GPU, HBM3, SRAM, system processor and software; host and network.
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
                        FaultKind.STRAGGLER, 0, new FailureLaw(12.5, 0.7), new RepairLaw(1_200_000, 0.5), 0.25, 0.75));
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
                .hasMessageContaining("line 2: xid is 79, but must be another than further up");
    }
}
