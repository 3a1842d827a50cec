package io.gpuctl.cli.chaos.cluster;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaException;

/**
 * Three Apache Kafka brokers in separate processes, each also a controller. Each record has three copies, and two must
 * be in sync before a record is acknowledged. Runs Kafka's own program from the shipped jars.
 */
final class KafkaBrokers {
    static final int COUNT = 3;
    private static final int HEAP_MIB = 256;
    private static final String CLUSTER_ID = "gpuctlchaosAAAAAAAAAAA";
    private static final Duration FORMAT_TIMEOUT = Duration.ofSeconds(60);
    private static final long ANSWER_SECONDS = 5;

    private final Path directory;
    private final List<Integer> ports = new ArrayList<>();
    private final List<Integer> controllerPorts = new ArrayList<>();

    KafkaBrokers(Path directory, Ports ports) {
        this.directory = directory;
        for (int i = 0; i < COUNT; i++) {
            this.ports.add(ports.next());
            controllerPorts.add(ports.next());
        }
    }

    String bootstrapServers() {
        return ports.stream().map(port -> "127.0.0.1:" + port).collect(Collectors.joining(","));
    }

    /**
     * Formats the directory of each broker with this program. Returns the start commands by broker name, as functions
     * of the program to run.
     */
    Map<String, Function<Program, List<String>>> format(Program program) throws IOException {
        List<ChildProcess> formats = new ArrayList<>();
        Map<String, Function<Program, List<String>>> brokers = new LinkedHashMap<>();
        for (int i = 0; i < COUNT; i++) {
            String name = "broker-" + (i + 1);
            Path settings = directory.resolve(name + ".properties");
            Files.write(settings, settings(i));
            var format = new ChildProcess(
                    "format of " + name,
                    program.kafka(
                            HEAP_MIB,
                            "kafka.tools.StorageTool",
                            List.of("format", "-t", CLUSTER_ID, "-c", settings.toString())),
                    directory.resolve(name + ".log"),
                    Map.of());
            format.start();
            formats.add(format);
            brokers.put(name, of -> of.kafka(HEAP_MIB, "kafka.Kafka", List.of(settings.toString())));
        }
        for (ChildProcess format : formats) {
            if (format.awaitExit(FORMAT_TIMEOUT) != 0) {
                throw new ChaosException("%s failed:%n    %s".formatted(format.name(), format.tail()));
            }
        }
        return brokers;
    }

    private List<String> settings(int index) {
        String voters = IntStream.range(0, COUNT)
                .mapToObj(i -> "%d@127.0.0.1:%d".formatted(i + 1, controllerPorts.get(i)))
                .collect(Collectors.joining(","));
        return List.of(
                "process.roles=broker,controller",
                "node.id=" + (index + 1),
                "controller.quorum.voters=" + voters,
                "controller.listener.names=CONTROLLER",
                "inter.broker.listener.name=BROKER",
                "listener.security.protocol.map=BROKER:PLAINTEXT,CONTROLLER:PLAINTEXT",
                "listeners=BROKER://127.0.0.1:%d,CONTROLLER://127.0.0.1:%d"
                        .formatted(ports.get(index), controllerPorts.get(index)),
                "log.dirs=" + directory.resolve("broker-" + (index + 1)),
                "default.replication.factor=3",
                "min.insync.replicas=2",
                "offsets.topic.replication.factor=3",
                "transaction.state.log.replication.factor=3",
                "transaction.state.log.min.isr=2",
                "share.coordinator.state.topic.replication.factor=3",
                "share.coordinator.state.topic.min.isr=2",
                "auto.create.topics.enable=false",
                // Small and prompt, like the embedded broker; see its settings for the reasons.
                "offsets.topic.num.partitions=4",
                "transaction.state.log.num.partitions=4",
                "share.coordinator.state.topic.num.partitions=1",
                "group.initial.rebalance.delay.ms=0",
                "group.min.session.timeout.ms=1000",
                "broker.session.timeout.ms=6000",
                "add.partitions.to.txn.retry.backoff.ms=1",
                "transaction.abort.timed.out.transaction.cleanup.interval.ms=1000",
                "log.segment.bytes=134217728",
                "log.index.size.max.bytes=1048576",
                "num.network.threads=2",
                "num.io.threads=4",
                "log.cleaner.dedupe.buffer.size=4194304",
                "metric.reporters=");
    }

    /** Returns whether all brokers answer, and every partition has all its copies in sync. */
    static boolean areInSync(KafkaAccess kafka) {
        try (Admin admin = kafka.admin()) {
            if (admin.describeCluster()
                            .nodes()
                            .get(ANSWER_SECONDS, TimeUnit.SECONDS)
                            .size()
                    < COUNT) {
                return false;
            }
            var topics = admin.listTopics().names().get(ANSWER_SECONDS, TimeUnit.SECONDS);
            return admin.describeTopics(topics).allTopicNames().get(ANSWER_SECONDS, TimeUnit.SECONDS).values().stream()
                    .map(TopicDescription::partitions)
                    .flatMap(List::stream)
                    .allMatch(partition ->
                            partition.isr().size() == partition.replicas().size());
        } catch (ExecutionException | TimeoutException | KafkaException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ChaosException("Interrupted", e);
        }
    }
}
