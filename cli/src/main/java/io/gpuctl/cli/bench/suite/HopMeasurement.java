package io.gpuctl.cli.bench.suite;

import io.gpuctl.cli.bench.load.Cpu;
import io.gpuctl.cli.chaos.cluster.ChildProcess;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** The bare hop, at the rate of {@link FirstMinuteMeasurement}. */
final class HopMeasurement implements Measurement {
    @Override
    public String name() {
        return "hop";
    }

    @Override
    public String description() {
        return "What no placement can be faster than, at the rate of first-minute: from the due time of a record, through a bare"
                + " exactly-once Kafka Streams application that commits every 20 ms, to a reader of committed records. The broker is"
                + " that of `gpuctl up`; broker and application are one process, compiled with C1 alone.";
    }

    @Override
    public Map<String, Double> measure(Rig rig) throws Exception {
        Path data = rig.newDirectory("hop-data");
        ChildProcess hop = rig.gpuctl("hop", List.of("bench", "hop", "--data", data.toString()));
        try {
            UpCluster.startUntilReady(hop);
            int records = FirstMinuteMeasurement.RATE * rig.settings().seconds();
            Duration before = UpCluster.cpu(hop);
            var result = BareHop.load(UpCluster.kafka(data))
                    .run(FirstMinuteMeasurement.RATE, rig.settings().measured());
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
}
