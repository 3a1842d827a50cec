package io.gpuctl.broker;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListTopicsOptions;
import org.apache.kafka.clients.admin.ProducerState;
import org.apache.kafka.common.TopicPartition;

/** A transaction whose end is not in a partition's log. */
record OpenTransaction(TopicPartition partition, ProducerState producer) {
    /** Returns all partitions of the broker, including those of its internal topics. */
    static List<TopicPartition> partitions(Admin admin) throws ExecutionException, InterruptedException {
        Set<String> topics = admin.listTopics(new ListTopicsOptions().listInternal(true))
                .names()
                .get();
        List<TopicPartition> partitions = new ArrayList<>();
        admin.describeTopics(topics)
                .allTopicNames()
                .get()
                .values()
                .forEach(topic -> topic.partitions()
                        .forEach(info -> partitions.add(new TopicPartition(topic.name(), info.partition()))));
        return partitions;
    }

    /** Returns all open transactions in the logs of these partitions. */
    static List<OpenTransaction> in(Collection<TopicPartition> partitions, Admin admin)
            throws ExecutionException, InterruptedException {
        List<OpenTransaction> open = new ArrayList<>();
        admin.describeProducers(partitions)
                .all()
                .get()
                .forEach((partition, state) -> state.activeProducers().stream()
                        .filter(producer ->
                                producer.currentTransactionStartOffset().isPresent())
                        .forEach(producer -> open.add(new OpenTransaction(partition, producer))));
        return open;
    }

    long producerId() {
        return producer.producerId();
    }

    @Override
    public String toString() {
        return "%s, open since offset %d by producer %d, epoch %d"
                .formatted(
                        partition,
                        producer.currentTransactionStartOffset().orElseThrow(),
                        producerId(),
                        producer.producerEpoch());
    }
}
