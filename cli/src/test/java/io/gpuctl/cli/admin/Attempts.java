package io.gpuctl.cli.admin;

import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.AlterConfigsOptions;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.CreateTopicsOptions;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.TransactionalIdNotFoundException;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.Resource;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Finds out what a user can do on a cluster by trying it. Each method returns whether Kafka has allowed the operation.
 */
final class Attempts implements AutoCloseable {
    private static final byte[] BYTES = {1};
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Map<String, Object> settings;
    private final Admin admin;
    private final KafkaProducer<byte[], byte[]> producer;
    private final KafkaConsumer<byte[], byte[]> consumer;

    Attempts(Map<String, String> settings) {
        this.settings = new HashMap<>(settings);
        this.settings.put("metric.reporters", "");
        this.settings.put("enable.metrics.push", false);
        admin = Admin.create(this.settings);
        var plain = new HashMap<>(this.settings);
        // After a refusal, an idempotent producer writes nothing any more, not even to topics that it may write.
        plain.put("enable.idempotence", false);
        producer = new KafkaProducer<>(plain, new ByteArraySerializer(), new ByteArraySerializer());
        consumer = new KafkaConsumer<>(this.settings, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    @FunctionalInterface
    private interface Action {
        void run() throws ExecutionException, InterruptedException;
    }

    private static boolean isAllowed(Action action) throws InterruptedException {
        try {
            action.run();
            return true;
        } catch (AuthorizationException _) {
            return false;
        } catch (ExecutionException e) {
            return switch (e.getCause()) {
                case AuthorizationException _ -> false;
                // Only a user with the right to ask learns that the group does not exist.
                case GroupIdNotFoundException _ -> true;
                case TransactionalIdNotFoundException _ -> true;
                case TopicExistsException _ -> true;
                case null, default -> throw new AssertionError("neither allowed nor refused", e);
            };
        }
    }

    boolean write(String topic) throws InterruptedException {
        return isAllowed(() ->
                producer.send(new ProducerRecord<>(topic, 0, BYTES, BYTES)).get());
    }

    /** Reads a record of partition 0, which must have one. */
    boolean read(String topic) throws InterruptedException {
        return isAllowed(() -> {
            var partition = new TopicPartition(topic, 0);
            consumer.assign(List.of(partition));
            consumer.seek(partition, 0);
            awaitRecord(topic);
        });
    }

    private void awaitRecord(String topic) {
        long giveUpAtNanos = System.nanoTime() + PATIENCE.toNanos();
        while (consumer.poll(Duration.ofMillis(200)).isEmpty()) {
            if (System.nanoTime() > giveUpAtNanos) {
                throw new AssertionError("no record came from " + topic);
            }
        }
    }

    boolean describe(String topic) throws InterruptedException {
        return isAllowed(
                () -> admin.describeTopics(List.of(topic)).allTopicNames().get());
    }

    boolean create(String topic) throws InterruptedException {
        return isAllowed(() -> admin.createTopics(
                        List.of(new NewTopic(topic, Optional.of(1), Optional.empty())),
                        new CreateTopicsOptions().validateOnly(true))
                .all()
                .get());
    }

    boolean configure(String topic) throws InterruptedException {
        Map<ConfigResource, Collection<AlterConfigOp>> change = Map.of(
                new ConfigResource(ConfigResource.Type.TOPIC, topic),
                List.of(new AlterConfigOp(new ConfigEntry("retention.ms", "1000"), AlterConfigOp.OpType.SET)));
        return isAllowed(() -> admin.incrementalAlterConfigs(change, new AlterConfigsOptions().validateOnly(true))
                .all()
                .get());
    }

    boolean addPartitions(String topic) throws InterruptedException {
        return isAllowed(() -> admin.createPartitions(Map.of(topic, NewPartitions.increaseTo(9)))
                .all()
                .get());
    }

    boolean delete(String topic) throws InterruptedException {
        return isAllowed(() -> admin.deleteTopics(List.of(topic)).all().get());
    }

    /** Joins the group as a reader of the topic. */
    boolean join(String group, String topic) throws InterruptedException {
        var ofGroup = new HashMap<>(settings);
        ofGroup.put("group.id", group);
        try (var member = new KafkaConsumer<>(ofGroup, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            member.subscribe(List.of(topic));
            return isAllowed(() -> awaitAssignment(member));
        }
    }

    private static void awaitAssignment(KafkaConsumer<byte[], byte[]> member) {
        long giveUpAtNanos = System.nanoTime() + PATIENCE.toNanos();
        while (member.assignment().isEmpty()) {
            member.poll(Duration.ofMillis(100));
            if (System.nanoTime() > giveUpAtNanos) {
                throw new AssertionError("the group gives no partitions");
            }
        }
    }

    boolean describeGroup(String group) throws InterruptedException {
        return isAllowed(
                () -> admin.describeConsumerGroups(List.of(group)).all().get());
    }

    boolean beginTransactions(String transactionalId) throws InterruptedException {
        var transactional = new HashMap<>(settings);
        transactional.put("transactional.id", transactionalId);
        try (var transactions =
                new KafkaProducer<>(transactional, new ByteArraySerializer(), new ByteArraySerializer())) {
            return isAllowed(transactions::initTransactions);
        }
    }

    boolean describeTransactions(String transactionalId) throws InterruptedException {
        return isAllowed(
                () -> admin.describeTransactions(List.of(transactionalId)).all().get());
    }

    boolean seeBrokerSettings() throws InterruptedException {
        return isAllowed(() -> admin.describeConfigs(List.of(new ConfigResource(ConfigResource.Type.BROKER, "1")))
                .all()
                .get());
    }

    boolean grant() throws InterruptedException {
        return isAllowed(() -> admin.createAcls(List.of(new AclBinding(
                        new ResourcePattern(ResourceType.CLUSTER, Resource.CLUSTER_NAME, PatternType.LITERAL),
                        new AccessControlEntry("User:intruder", "*", AclOperation.ALL, AclPermissionType.ALLOW))))
                .all()
                .get());
    }

    @Override
    public void close() {
        consumer.close();
        producer.close();
        admin.close();
    }
}
