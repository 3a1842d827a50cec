package io.gpuctl.telemetry.runtime;

import static java.util.Objects.requireNonNull;

import io.gpuctl.events.ClusterClock;
import io.gpuctl.events.TaskCommand;
import io.gpuctl.telemetry.views.PoolViewsFold;
import io.gpuctl.telemetry.views.ViewStore;
import io.gpuctl.telemetry.views.ViewStore.Position;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;
import org.jspecify.annotations.Nullable;

/** Records processed commands; a new submission becomes a task at once. */
final class CommandProcessor implements Processor<String, TaskCommand, Void, Void> {
    private final ClusterClock clock;
    private final CommandsSeen commandsSeen;
    private @Nullable ProcessorContext<Void, Void> context;
    private @Nullable PoolViewsFold fold;

    CommandProcessor(ClusterClock clock, CommandsSeen commandsSeen) {
        this.clock = clock;
        this.commandsSeen = commandsSeen;
    }

    @Override
    public void init(ProcessorContext<Void, Void> given) {
        context = given;
        ViewStore store = new KafkaViewStore(given);
        fold = new PoolViewsFold(store);
        int partition = given.taskId().partition();
        commandsSeen.opened(partition, store.position(Position.COMMANDS_SEEN, partition));
    }

    @Override
    public void process(Record<String, TaskCommand> record) {
        RecordMetadata metadata = requireNonNull(context).recordMetadata().orElseThrow();
        // An orchestrator refuses a command from the future, so it creates no task here. In a log that has ended, its
        // facts follow.
        if (clock.isAhead(record.value().atMs())) {
            requireNonNull(fold).passed(metadata.partition(), metadata.offset());
        } else {
            requireNonNull(fold).seen(record.value(), metadata.partition(), metadata.offset());
        }
        commandsSeen.processed(metadata.partition(), metadata.offset());
    }

    @Override
    public void close() {
        commandsSeen.closed(requireNonNull(context).taskId().partition());
    }
}
