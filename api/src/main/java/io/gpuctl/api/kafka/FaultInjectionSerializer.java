package io.gpuctl.api.kafka;

import io.gpuctl.events.FaultInjection;
import io.gpuctl.events.kafka.Topics;
import org.apache.kafka.common.serialization.Serializer;
import org.jspecify.annotations.Nullable;

/** The serializer of the topic, as a class that the channel's configuration can name. */
public final class FaultInjectionSerializer implements Serializer<FaultInjection> {

    private final Serializer<FaultInjection> delegate = Topics.FAULT_INJECTIONS.serializer();

    @Override
    public byte @Nullable [] serialize(String topic, @Nullable FaultInjection fault) {
        return delegate.serialize(topic, fault);
    }
}
