package io.gpuctl.events;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GpuHardwareTest {

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 8, 64})
    void givesEachSimulatedGpuADeviceOfItsOwn(int gpus) {
        var hardware = GpuHardware.simulated(new NodeId("n1"), gpus);

        assertThat(hardware.uuids())
                .hasSize(gpus)
                .doesNotHaveDuplicates()
                .allMatch(uuid -> uuid.matches("GPU-[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"));
        assertThat(hardware.pciBusIds())
                .hasSize(gpus)
                .doesNotHaveDuplicates()
                .allMatch(id -> id.matches("[0-9A-F]{8}:[0-9A-F]{2}:[0-9A-F]{2}\\.0"));
        assertThat(hardware.serials())
                .hasSize(gpus)
                .doesNotHaveDuplicates()
                .allMatch(serial -> serial.matches("\\d{13}"));
    }

    @Test
    void isTheSameAtEachStart() {
        var hardware = GpuHardware.simulated(new NodeId("7"), 2);

        assertThat(hardware.uuids())
                .containsExactly(
                        "GPU-31d15cc3-19a9-350e-bdf5-4515ce0901fb", "GPU-47a00237-3460-3383-b1ab-473587b0c95f");
        assertThat(hardware.pciBusIds()).containsExactly("00000000:07:00.0", "00000000:0F:00.0");
    }

    @Test
    void isOfItsNodeAlone() {
        var ids = IntStream.range(0, 2_500)
                .boxed()
                .flatMap(node -> Stream.concat(
                        GpuHardware.simulated(new NodeId("" + node), 8).uuids().stream(),
                        GpuHardware.simulated(new NodeId("" + node), 8).serials().stream()));

        assertThat(ids).doesNotHaveDuplicates();
    }

    @Test
    void hasOneOfEachForEachGpu() {
        assertThatThrownBy(() -> new GpuHardware("", "", 0, 0, 0, List.of("a"), List.of(), List.of("c")))
                .hasMessage("pci_bus_ids is 0 entries long, but must be 1, as uuids");
        var inventory = new NodeInventory(new NodeId("n"), PoolId.DEFAULT, "A100", 8, 1, 1, 1, 60, 400, 25, 85);
        assertThatThrownBy(() -> inventory.with(GpuHardware.simulated(inventory.nodeId(), 7)))
                .hasMessage("gpu_hardware.uuids is 7 entries long, but must be 8, as gpu_count");
    }

    @Test
    void standsForWhatANodeDoesNotSay() {
        var inventory = new NodeInventory(new NodeId("n"), PoolId.DEFAULT, "A100", 8, 1, 1, 1, 60, 400, 25, 85);

        assertThat(inventory.hardware())
                .isEqualTo(inventory
                        .with(GpuHardware.simulated(inventory.nodeId(), 8))
                        .hardware());
        assertThat(inventory.gpuHardware()).isNull();
    }
}
