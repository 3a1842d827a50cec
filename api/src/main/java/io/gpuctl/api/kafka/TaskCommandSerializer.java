package io.gpuctl.api.kafka;

import io.gpuctl.events.TaskCommand;
import io.gpuctl.events.kafka.Topics;
import org.apache.kafka.common.serialization.Serializer;
import org.jspecify.annotations.Nullable;

/** The serializer of the topic, as a class that the channel's configuration can name. */
public final class TaskCommandSerializer implements Serializer<TaskCommand> {

    private final Serializer<TaskCommand> delegate = Topics.TASK_COMMANDS.serializer();

    @Override
    public byte @Nullable [] serialize(String topic, @Nullable TaskCommand command) {
        return delegate.serialize(topic, command);
    }
}
