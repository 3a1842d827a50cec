package io.gpuctl.api.kafka;

import io.gpuctl.api.problem.ProblemException;
import io.gpuctl.events.ClusterClock;
import io.gpuctl.events.TaskCommand;
import io.micrometer.core.instrument.MeterRegistry;
import io.smallrye.mutiny.Uni;
import io.smallrye.reactive.messaging.MutinyEmitter;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Locale;
import org.eclipse.microprofile.reactive.messaging.Channel;
import org.eclipse.microprofile.reactive.messaging.OnOverflow;

/** Writes commands to {@code task-commands}. */
@ApplicationScoped
public class CommandLog {

    private final RecordWriter<TaskCommand> writer;
    private volatile Listener listener = (_, _, _) -> {};

    /** Is told what was written. */
    public interface Listener {
        /**
         * Called with each command that was written, before {@link #append} completes; must not block.
         *
         * @param askedNanos when the command was given to the producer, as {@link System#nanoTime}
         */
        void written(CommandPosition position, TaskCommand command, long askedNanos);
    }

    CommandLog(
            @Channel("task-commands")
                    @OnOverflow(value = OnOverflow.Strategy.BUFFER, bufferSize = RecordWriter.BUFFER_SIZE)
                    MutinyEmitter<TaskCommand> emitter,
            BrokerWatch broker,
            MeterRegistry metrics,
            ClusterClock clock) {
        writer = new RecordWriter<>(emitter, broker, metrics, clock.wallTime());
    }

    /** Appends the command; fails with a {@link ProblemException} (503), see {@link RecordWriter#append}. */
    public Uni<CommandPosition> append(TaskCommand command) {
        String type = command.getClass().getSimpleName().toLowerCase(Locale.ROOT);
        long askedNanos = System.nanoTime();
        return writer.append(command.key(), command, type)
                .invoke(position -> listener.written(position, command, askedNanos));
    }

    public void listener(Listener newListener) {
        listener = newListener;
    }
}
