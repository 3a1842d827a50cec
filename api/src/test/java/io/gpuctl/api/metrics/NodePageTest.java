package io.gpuctl.api.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.groups.Tuple.tuple;

import io.gpuctl.api.nodes.Moment;
import io.gpuctl.events.Allocation;
import io.gpuctl.events.AttemptId;
import io.gpuctl.events.Cause;
import io.gpuctl.events.ClusterEvent;
import io.gpuctl.events.DcgmField;
import io.gpuctl.events.Fact;
import io.gpuctl.events.GpuHardware;
import io.gpuctl.events.NodeId;
import io.gpuctl.events.NodeInventory;
import io.gpuctl.events.NodeTelemetry;
import io.gpuctl.events.PoolId;
import io.gpuctl.events.TaskId;
import io.gpuctl.telemetry.views.InMemoryViewStore;
import io.gpuctl.telemetry.views.NodeView;
import io.gpuctl.telemetry.views.PoolViewsFold;
import io.gpuctl.telemetry.views.RunningTask;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** A node with two GPUs, from facts and telemetry, and its page. Measurements are current for 5 s. */
class NodePageTest {
    private static final PoolId POOL = new PoolId("p");
    private static final NodeId ID = new NodeId("n1");
    private static final long NOW_MS = 100_000;

    private static final NodeTelemetry.Gpu BUSY = new NodeTelemetry.Gpu(
            new NodeTelemetry.Activity(0.756, 0.625, 0.6, 0.25, 0.46875),
            new NodeTelemetry.Framebuffer(40_960, 40_387, 573),
            new NodeTelemetry.Sensors(301.5, 71.5, 74.4, 1_234_567_890),
            new NodeTelemetry.Clocks(1_200, 1_593, 0x20, 5_000_000, 7_000_000),
            new NodeTelemetry.Errors(31, 3, 1, true),
            new NodeTelemetry.Traffic(1_200_000_000, 1_300_000_000, 90_000_000_000L, 91_000_000_000L));

    private static final NodeTelemetry.Gpu IDLE = new NodeTelemetry.Gpu(
            new NodeTelemetry.Activity(0, 0, 0, 0, 0),
            new NodeTelemetry.Framebuffer(0, 81_347, 573),
            new NodeTelemetry.Sensors(60, 34.25, 32, 6_000),
            new NodeTelemetry.Clocks(210, 1_593, 0x1, 0, 0),
            NodeTelemetry.Errors.NONE,
            NodeTelemetry.Traffic.NONE);

    private final InMemoryViewStore store = new InMemoryViewStore();
    private final PoolViewsFold fold = new PoolViewsFold(store);
    private long facts;

    NodePageTest() {
        registered(inventory().with(GpuHardware.simulated(ID, 2).withLimits(1_410, 1_593, 500)));
    }

    private static NodeInventory inventory() {
        return new NodeInventory(
                ID, POOL, "A100-SXM4-80GB", 2, 81_347, 128_000, 1_048_576, 60, 400, 25, 85, "rack \"7\"", 45);
    }

    private void registered(NodeInventory inventory) {
        apply(new ClusterEvent.NodeRegistered(inventory, 1, 0));
    }

    private void apply(ClusterEvent event) {
        facts++;
        fold.apply(new Fact(POOL, facts, NOW_MS - 60_000, Cause.TIMER, event));
    }

    private static RunningTask running(String task, List<Integer> gpus, int gpuMilli) {
        return new RunningTask(
                new AttemptId(new TaskId(task), 2), new Allocation(ID, 1, gpus, gpuMilli, 16_384, 0, 0), false);
    }

    private NodeView view(RunningTask... running) {
        return store.node(ID).with(List.of(running));
    }

    private static NodeTelemetry sample(long atMs) {
        return new NodeTelemetry(ID, POOL, atMs, List.of(BUSY, IDLE));
    }

    private static String text(NodeView view, NodeTelemetry sample) {
        var moment = new Moment(NOW_MS, 1, Map.of());
        return new String(NodePage.of(view, sample, moment, 1), StandardCharsets.UTF_8);
    }

    private static ParsedPage page(NodeView view, NodeTelemetry sample) {
        return new ParsedPage(text(view, sample));
    }

    /** A golden file, so that each change of the page is visible as a whole. */
    @Test
    void servesThis() throws IOException {
        String page = text(view(running("whole", List.of(0), 1_000)), sample(NOW_MS - 1_500));

        try (var golden = NodePageTest.class.getResourceAsStream("node-page.txt")) {
            assertThat(page).isEqualTo(new String(golden.readAllBytes(), StandardCharsets.UTF_8));
        }
    }

    @Test
    void hasDcgmsSeriesOfEachGpuInTheExportersLabels() {
        var page = page(view(running("whole", List.of(0), 1_000)), sample(NOW_MS));

        for (var field : DcgmField.values()) {
            assertThat(page.types())
                    .containsEntry(field.dcgmId(), field.kind().name().toLowerCase(Locale.ROOT));
            assertThat(page.helps()).containsEntry(field.dcgmId(), field.help());
            assertThat(page.byGpu(field.dcgmId())).containsOnlyKeys("0", "1");
        }
        var busy = page.of("DCGM_FI_DEV_GPU_TEMP").getFirst();
        assertThat(busy.labels().keySet())
                .containsExactly(
                        "gpu",
                        "UUID",
                        "pci_bus_id",
                        "device",
                        "modelName",
                        "hostname",
                        "Hostname",
                        "DCGM_FI_DRIVER_VERSION",
                        "hpc_job");
        assertThat(busy.labels()).containsEntry("hpc_job", "whole").containsEntry("device", "nvidia0");
        assertThat(page.of("DCGM_FI_DEV_GPU_TEMP").getLast().labels()).doesNotContainKey("hpc_job");
    }

    @Test
    void givesWholeNumbersWhereDcgmDoes() {
        var page = page(view(), sample(NOW_MS));

        assertThat(page.byGpu("DCGM_FI_DEV_GPU_UTIL")).containsEntry("0", "76");
        assertThat(page.byGpu("DCGM_FI_DEV_GPU_TEMP")).containsEntry("0", "72").containsEntry("1", "34");
        assertThat(page.byGpu("DCGM_FI_DEV_POWER_USAGE")).containsEntry("0", "301.5");
        assertThat(page.byGpu("DCGM_FI_PROF_GR_ENGINE_ACTIVE")).containsEntry("0", "0.756");
        assertThat(page.byGpu("DCGM_FI_DEV_FB_TOTAL")).containsEntry("0", "81920");
        assertThat(page.byGpu("DCGM_FI_DEV_POWER_MGMT_LIMIT_MAX")).containsEntry("0", "500");
    }

    /** With a task label, an error that ends a task would count in a series without an earlier sample. */
    @Test
    void aCounterGoesOnWhenATaskEnds() {
        var page = page(view(running("whole", List.of(0), 1_000)), sample(NOW_MS));

        for (var field : DcgmField.values()) {
            assertThat(page.of(field.dcgmId()).getFirst().labels().containsKey("hpc_job"))
                    .as(field.dcgmId())
                    .isEqualTo(page.types().get(field.dcgmId()).equals("gauge"));
        }
    }

    @Test
    void aSharedGpuHasNoTaskOfItsOwn() {
        var page = page(view(running("a", List.of(0), 500), running("b", List.of(0), 250)), sample(NOW_MS));

        assertThat(page.of("DCGM_FI_DEV_GPU_TEMP"))
                .allMatch(sample -> !sample.labels().containsKey("hpc_job"));
        assertThat(page.byGpu("gpuctl_gpu_allocated")).isEqualTo(Map.of("0", "0.75", "1", "0"));
        assertThat(page.of("gpuctl_task_gpu_share"))
                .extracting(sample -> sample.labels().get("task"), ParsedPage.Sample::value)
                .containsExactly(tuple("a", 0.5), tuple("b", 0.25));
    }

    @Test
    void aWholeGpuDoesWhatItsTaskDoes() {
        var page = page(view(running("a", List.of(0, 1), 1_000)), sample(NOW_MS));

        assertThat(page.byGpu("gpuctl_task_gpu_power_watts")).isEqualTo(Map.of("0", "301.5", "1", "60"));
        assertThat(page.byGpu("gpuctl_task_gpu_utilization_ratio")).isEqualTo(Map.of("0", "0.756", "1", "0"));
        assertThat(page.byGpu("gpuctl_task_gpu_memory_bytes")).isEqualTo(Map.of("0", "42949672960", "1", "0"));
        assertThat(page.of("gpuctl_task_gpu_share").getFirst().labels())
                .isEqualTo(Map.of("gpu", "0", "hostname", "n1", "task", "a", "attempt", "2"));
    }

    @Test
    void namesTheLastXid() {
        var page = page(view(), sample(NOW_MS));

        assertThat(page.of("DCGM_FI_DEV_XID_ERRORS"))
                .extracting(
                        ParsedPage.Sample::text,
                        sample -> sample.labels().get("err_code"),
                        sample -> sample.labels().get("err_msg"))
                .containsExactly(
                        tuple("31", "31", "GPU memory page fault: an invalid address"), tuple("0", "0", "No Error"));
    }

    /** An error of the node counts for each of its GPUs. */
    @Test
    void countsXidsByNumber() {
        for (int gpu : new int[] {0, 0, -1}) {
            apply(new ClusterEvent.NodeFaulted(ID, "xid", gpu, "", 31));
        }
        apply(new ClusterEvent.NodeFaulted(ID, "xid", 1, "", 48));
        var page = page(view(), sample(NOW_MS));

        assertThat(page.of("gpuctl_xid_total"))
                .extracting(
                        sample -> sample.labels().get("gpu"),
                        sample -> sample.labels().get("xid"),
                        ParsedPage.Sample::value)
                .containsExactly(tuple("0", "31", 3.0), tuple("1", "31", 1.0), tuple("1", "48", 1.0));
        assertThat(page.types()).containsEntry("gpuctl_xid_total", "counter");
        assertThat(page(view(), null).of("gpuctl_xid_total"))
                .as("it is a counter of facts")
                .hasSize(3);
    }

    @Test
    void anErrorAfterItDoesNotBringALostGpuBack() {
        apply(new ClusterEvent.NodeFaulted(ID, "xid", 0, "", 79));
        apply(new ClusterEvent.NodeFaulted(ID, "xid", 0, "", 154));

        assertThat(page(view(), sample(NOW_MS)).byGpu("DCGM_FI_DEV_GPU_TEMP")).containsOnlyKeys("1");
    }

    @Test
    void tellsWhatEachDoesOnASharedGpu() {
        var view = view(running("a", List.of(0), 500), running("b", List.of(0), 250));
        var share = new NodeTelemetry.Share(0, view.running().getFirst().attempt(), 0.5, 200.25);
        var page = page(view, new NodeTelemetry(ID, POOL, NOW_MS, List.of(BUSY, IDLE), List.of(share)));

        assertThat(page.of("gpuctl_task_gpu_power_watts"))
                .extracting(sample -> sample.labels().get("task"), ParsedPage.Sample::text)
                .containsExactly(tuple("a", "200.25"));
        assertThat(page.byGpu("gpuctl_task_gpu_utilization_ratio")).isEqualTo(Map.of("0", "0.5"));
        assertThat(page.byGpu("gpuctl_task_gpu_memory_bytes")).isEqualTo(Map.of("0", "17179869184"));
    }

    /** Outdated numbers are not served. */
    @Test
    void aNodeThatIsNotHeardOfHasNoMeasurements() {
        var stale = page(view(running("a", List.of(0), 1_000)), sample(NOW_MS - 5_001));
        var unmeasured = page(view(), null);
        apply(new ClusterEvent.NodeSuspected(ID));
        var suspect = page(view(), sample(NOW_MS - 1_000));

        for (var page : List.of(stale, unmeasured, suspect)) {
            assertThat(page.families())
                    .containsExactlyInAnyOrder(
                            "gpuctl_node_info",
                            "gpuctl_node_health",
                            "gpuctl_node_telemetry_age_seconds",
                            "gpuctl_gpu_info",
                            "gpuctl_gpu_up");
            assertThat(page.byGpu("gpuctl_gpu_up")).isEqualTo(Map.of("0", "0", "1", "0"));
        }
        assertThat(age(stale)).isEqualTo("5.001");
        assertThat(age(unmeasured)).isEqualTo("+Inf");
        assertThat(age(suspect)).isEqualTo("1");
        assertThat(suspect.of("gpuctl_node_health").stream()
                        .filter(sample -> sample.value() == 1)
                        .map(sample -> sample.labels().get("health")))
                .containsExactly("suspect");
    }

    private static String age(ParsedPage page) {
        return page.of("gpuctl_node_telemetry_age_seconds").getFirst().text();
    }

    @Test
    void aGpuThatIsLostMeasuresNothing() {
        apply(new ClusterEvent.NodeFaulted(ID, "xid", 0, "", 79));
        apply(new ClusterEvent.GpuTakenOut(ID, 1, "thermal shutdown"));
        var lost = page(view(), sample(NOW_MS));

        assertThat(lost.byGpu("gpuctl_gpu_up")).isEqualTo(Map.of("0", "0", "1", "0"));
        assertThat(lost.families()).noneMatch(family -> family.startsWith("DCGM"));

        apply(new ClusterEvent.GpuReturned(ID, 1));
        var back = page(view(), sample(NOW_MS));

        assertThat(back.byGpu("gpuctl_gpu_up")).isEqualTo(Map.of("0", "0", "1", "1"));
        assertThat(back.byGpu("DCGM_FI_DEV_GPU_TEMP")).containsOnlyKeys("1");
    }

    /** The driver still counts the errors that alerts use. */
    @Test
    void aGpuThatWaitsForAResetIsStillMeasured() {
        apply(new ClusterEvent.NodeFaulted(ID, "xid", 0, "", 48));
        var page = page(view(), sample(NOW_MS));

        assertThat(page.byGpu("gpuctl_gpu_up")).isEqualTo(Map.of("0", "0", "1", "1"));
        assertThat(page.byGpu("DCGM_FI_DEV_ECC_DBE_VOL_TOTAL")).isEqualTo(Map.of("0", "1", "1", "0"));
    }

    @Test
    void aNodeThatDoesNotNameItsGpusHasTheLabelsThatItWillHave() {
        var named = page(view(), sample(NOW_MS));
        registered(inventory());
        var unnamed = page(view(), sample(NOW_MS));

        assertThat(unnamed.of("DCGM_FI_DEV_GPU_TEMP")).isEqualTo(named.of("DCGM_FI_DEV_GPU_TEMP"));
        assertThat(named.of("DCGM_FI_DEV_MAX_SM_CLOCK")).isNotEmpty();
        assertThat(unnamed.families()).doesNotContain("DCGM_FI_DEV_MAX_SM_CLOCK");
    }

    @Test
    void aNodeWithoutGpusHasAPage() {
        registered(new NodeInventory(ID, POOL, "", 0, 0, 1_000, 1_000, 0, 0, 25, 85));

        assertThat(page(view(), new NodeTelemetry(ID, POOL, NOW_MS, List.of())).families())
                .containsExactly("gpuctl_node_info", "gpuctl_node_health", "gpuctl_node_telemetry_age_seconds");
    }

    @Test
    void takesTimesOnTheWall() {
        var moment = new Moment(NOW_MS, 60, Map.of());
        var page = new ParsedPage(NodePage.of(view(), sample(NOW_MS - 60_000), moment, 60));

        assertThat(age(page)).isEqualTo("1");
    }

    /** The metrics that the exporter serves by default, from {@code default-counters.csv} of its commit d5e5f510. */
    @Test
    void servesWhatTheExporterServesByDefault() {
        assertThat(page(view(), sample(NOW_MS)).families())
                .containsAll(Stream.of(
                                "DEV_SM_CLOCK",
                                "DEV_MEM_CLOCK",
                                "DEV_MEMORY_TEMP",
                                "DEV_GPU_TEMP",
                                "DEV_POWER_USAGE",
                                "DEV_TOTAL_ENERGY_CONSUMPTION",
                                "DEV_GPU_UTIL",
                                "DEV_MEM_COPY_UTIL",
                                "DEV_ENC_UTIL",
                                "DEV_DEC_UTIL",
                                "DEV_XID_ERRORS",
                                "DEV_FB_FREE",
                                "DEV_FB_USED",
                                "DEV_FB_RESERVED",
                                "DEV_NVLINK_BANDWIDTH_TOTAL",
                                "DEV_PCIE_REPLAY_COUNTER",
                                "DEV_UNCORRECTABLE_REMAPPED_ROWS",
                                "DEV_CORRECTABLE_REMAPPED_ROWS",
                                "DEV_VGPU_LICENSE_STATUS",
                                "DEV_ROW_REMAP_FAILURE",
                                "PROF_GR_ENGINE_ACTIVE",
                                "PROF_PIPE_TENSOR_ACTIVE",
                                "PROF_DRAM_ACTIVE",
                                "PROF_PCIE_TX_BYTES",
                                "PROF_PCIE_RX_BYTES")
                        .map("DCGM_FI_"::concat)
                        .toList());
    }
}
