package io.gpuctl.api.kafka;

import io.gpuctl.api.problem.ProblemException;
import io.gpuctl.events.ClusterClock;
import io.gpuctl.events.FaultInjection;
import io.micrometer.core.instrument.MeterRegistry;
import io.smallrye.mutiny.Uni;
import io.smallrye.reactive.messaging.MutinyEmitter;
import jakarta.enterprise.context.ApplicationScoped;
import org.eclipse.microprofile.reactive.messaging.Channel;
import org.eclipse.microprofile.reactive.messaging.OnOverflow;

/** Writes faults to inject to {@code fault-injections}. */
@ApplicationScoped
public class FaultLog {

    private final RecordWriter<FaultInjection> writer;

    FaultLog(
            @Channel("fault-injections")
                    @OnOverflow(value = OnOverflow.Strategy.BUFFER, bufferSize = RecordWriter.BUFFER_SIZE)
                    MutinyEmitter<FaultInjection> emitter,
            BrokerWatch broker,
            MeterRegistry metrics,
            ClusterClock clock) {
        writer = new RecordWriter<>(emitter, broker, metrics, clock.wallTime());
    }

    /** Appends the fault; fails with a {@link ProblemException} (503), see {@link RecordWriter#append}. */
    public Uni<CommandPosition> append(FaultInjection fault) {
        return writer.append(fault.key(), fault, "injectfault");
    }
}
