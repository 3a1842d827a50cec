package io.gpuctl.events.kafka;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/** Creates the topics that are missing, and refuses to start on topics that are not as declared. */
public final class TopicSetup {
    private TopicSetup() {}

    /** A topic on the broker differs from its declaration in {@link Topics}. */
    public static final class TopicMismatchException extends IllegalStateException {
        private static final long serialVersionUID = 1L;

        TopicMismatchException(List<String> differences) {
            super(String.join("; ", differences)
                    + ". Use another Kafka cluster, or delete these topics if nothing in them is needed.");
        }
    }

    /**
     * Makes every topic exist, with the broker's default replication. Several processes may do this at once.
     *
     * @throws TopicMismatchException if a topic has another number of partitions than declared
     */
    public static void ensureTopics(Admin admin) throws ExecutionException, InterruptedException {
        List<NewTopic> wanted = new ArrayList<>();
        for (Topic<?> topic : Topics.ALL) {
            wanted.add(new NewTopic(topic.name(), Optional.of(topic.partitions()), Optional.empty())
                    .configs(topic.configs()));
        }
        Map<String, KafkaFuture<Void>> created = admin.createTopics(wanted).values();
        for (KafkaFuture<Void> future : created.values()) {
            awaitCreated(future);
        }
        List<String> differences = differences(describe(admin, created.keySet()));
        if (!differences.isEmpty()) {
            throw new TopicMismatchException(differences);
        }
    }

    private static void awaitCreated(KafkaFuture<Void> future) throws ExecutionException, InterruptedException {
        try {
            future.get();
        } catch (ExecutionException e) {
            if (!(e.getCause() instanceof TopicExistsException)) {
                throw e;
            }
        }
    }

    /** A topic that was just created may take a moment until every broker knows it. */
    private static Map<String, TopicDescription> describe(Admin admin, Set<String> names)
            throws ExecutionException, InterruptedException {
        for (int attempt = 1; ; attempt++) {
            try {
                return admin.describeTopics(names).allTopicNames().get();
            } catch (ExecutionException e) {
                if (!(e.getCause() instanceof UnknownTopicOrPartitionException) || attempt == 50) {
                    throw e;
                }
                Thread.sleep(100);
            }
        }
    }

    private static List<String> differences(Map<String, TopicDescription> actual) {
        List<String> differences = new ArrayList<>();
        new TreeMap<>(actual).forEach((name, description) -> {
            int declared = Topics.named(name).orElseThrow().partitions();
            int found = description.partitions().size();
            if (found != declared) {
                differences.add("Topic %s has %d partitions, but must have %d".formatted(name, found, declared));
            }
        });
        return differences;
    }
}
