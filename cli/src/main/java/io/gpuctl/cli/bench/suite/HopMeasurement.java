package io.gpuctl.cli.bench.suite;

import io.gpuctl.cli.bench.load.Cpu;
import io.gpuctl.cli.bench.load.HopLoad;
import io.gpuctl.cli.chaos.cluster.ChildProcess;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * The bare hop.
 *
 * @param rate records a second
 * @param isWarm whether a warm-up at the same rate comes first
 */
record HopMeasurement(int rate, boolean isWarm) implements Measurement {
    /** The hop beside {@link FirstMinuteMeasurement}. */
    static final HopMeasurement FIRST_MINUTE = new HopMeasurement(FirstMinuteMeasurement.RATE, false);

    /** The hop beside {@link WarmCpuMeasurement}. */
    static final HopMeasurement WARM = new HopMeasurement(WarmCpuMeasurement.RATE, true);

    @Override
    public String name() {
        return isWarm ? "hop-" + rate : "hop";
    }

    @Override
    public String description() {
        return isWarm
                ? "As hop, at the rate and after the warm-up of cpu-%d: what one exactly-once step costs at that rate."
                        .formatted(rate)
                : "What no placement can be faster than, at the rate of first-minute: from the due time of a record, through a bare"
                        + " exactly-once Kafka Streams application that commits every 20 ms, to a reader of committed records. The broker is"
                        + " that of `gpuctl up`; broker and application are one process, with the options of `up` for the JVM.";
    }

    @Override
    public Map<String, Double> measure(Rig rig) throws Exception {
        Path data = rig.newDirectory("hop-data");
        ChildProcess hop = rig.gpuctl("hop", List.of("bench", "hop", "--data", data.toString()));
        try {
            UpCluster.startUntilReady(hop);
            if (isWarm) {
                run(data, rig.settings().warmup());
            }
            Duration before = UpCluster.cpu(hop);
            var result = run(data, rig.settings().measured());
            int records = rate * rig.settings().seconds() - result.missing();
            return new Figures()
                    .latencies("", result.through())
                    .put("missing_records", result.missing())
                    .put(
                            "hop_cpu_ms_a_record",
                            Cpu.millisEach(UpCluster.cpu(hop).minus(before), records))
                    .put("load_cpu_ms_a_record", result.cpuMillisARecord())
                    .toMap();
        } finally {
            hop.kill();
        }
    }

    private HopLoad.Result run(Path data, Duration duration) throws Exception {
        return BareHop.load(UpCluster.kafka(data)).run(rate, duration);
    }
}
