package io.gpuctl.cli.chaos.check;

import io.gpuctl.cli.chaos.check.CheckReport.Task;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;

/** Reads the log of a cluster and checks it. The cluster may be running: records written meanwhile are left out. */
public final class LogCheck {
    private static final String COMMANDS = "task-commands";
    private static final String FACTS = "cluster-events";
    private static final String NODE_COMMANDS = "placements";
    private static final String DEAD_LETTERS = "dead-letters";
    private static final Pattern NUMBER = Pattern.compile("\\d{1,9}");

    private final TopicReader reader;
    private final Findings findings = new Findings();
    private final SortedMap<String, List<Task>> tasks = new TreeMap<>();
    private final SortedMap<String, Long> unknownTypes = new TreeMap<>();
    private final Map<Integer, Set<Long>> refused = new HashMap<>();
    private long facts;
    private long placements;
    private long pending;

    private LogCheck(TopicReader reader) {
        this.reader = reader;
    }

    /**
     * Checks all records that are in the log now.
     *
     * @param clientSettings {@code bootstrap.servers}, and the settings that a Kafka client needs to connect
     * @throws CheckFailedException if the topics cannot be read
     */
    public static CheckReport run(Map<String, Object> clientSettings) {
        try (TopicReader reader = new TopicReader(clientSettings)) {
            return new LogCheck(reader).run();
        }
    }

    private CheckReport run() {
        // The order matters while the cluster runs. Node commands up to the first read are sure to have their facts
        // among the facts read, and each of these facts has its node commands and its cause among the later reads.
        List<TopicPartition> nodeCommands = reader.partitions(NODE_COMMANDS);
        Map<TopicPartition, Long> settledNodeCommands = reader.committedEnds(nodeCommands);
        Map<TopicPartition, Long> factEnds = reader.settledEnds(reader.partitions(FACTS));
        Map<TopicPartition, Long> nodeCommandEnds = reader.settledEnds(nodeCommands);
        Map<TopicPartition, Long> commandEnds = reader.settledEnds(reader.partitions(COMMANDS));
        readDeadLetters();
        for (Map.Entry<TopicPartition, Long> end : factEnds.entrySet()) {
            int partition = end.getKey().partition();
            check(
                    partition,
                    end.getValue(),
                    nodeCommandEnds.getOrDefault(new TopicPartition(NODE_COMMANDS, partition), 0L),
                    settledNodeCommands.getOrDefault(new TopicPartition(NODE_COMMANDS, partition), 0L),
                    commandEnds.getOrDefault(new TopicPartition(COMMANDS, partition), 0L));
        }
        tasks.forEach(this::checkPools);
        return new CheckReport(findings, tasks, facts, placements, pending, unknownTypes);
    }

    /** Checks that each task id is in only one pool of the cluster. */
    private void checkPools(String id, List<Task> owners) {
        List<String> pools = owners.stream()
                .filter(task -> !task.state().equals("rejected"))
                .map(Task::pool)
                .toList();
        if (pools.size() > 1) {
            findings.add("one-pool", FACTS, "task %s is in the pools %s".formatted(id, pools));
        }
    }

    private void readDeadLetters() {
        reader.settledEnds(reader.partitions(DEAD_LETTERS))
                .forEach((partition, end) -> reader.read(partition, end, this::deadLetter));
    }

    private void deadLetter(ConsumerRecord<?, ?> letter) {
        String partition = header(letter, "__streams.errors.partition");
        String offset = header(letter, "__streams.errors.offset");
        boolean hasPlace =
                NUMBER.matcher(partition).matches() && NUMBER.matcher(offset).matches();
        if (hasPlace && COMMANDS.equals(header(letter, "__streams.errors.topic"))) {
            refused.computeIfAbsent(Integer.valueOf(partition), any -> new HashSet<>())
                    .add(Long.valueOf(offset));
        }
    }

    private static String header(ConsumerRecord<?, ?> letter, String name) {
        @Nullable Header header = letter.headers().lastHeader(name);
        return header == null ? "" : new String(header.value(), StandardCharsets.UTF_8);
    }

    private void check(int partition, long factsEnd, long nodeCommandsEnd, long settled, long commandsEnd) {
        PartitionBooks books = new PartitionBooks(findings);
        books.commandsBeginAt(reader.read(new TopicPartition(COMMANDS, partition), commandsEnd, books::command));
        reader.read(new TopicPartition(FACTS, partition), factsEnd, books::fact);
        long oldestNodeCommand = reader.read(
                new TopicPartition(NODE_COMMANDS, partition),
                nodeCommandsEnd,
                record -> books.nodeCommand(record, record.offset() < settled));
        books.close(refused.getOrDefault(partition, Set.of()), oldestNodeCommand == 0, Integer.toString(partition));
        placements += books.matchedStarts();
        pending += books.pending();
        books.pools().values().forEach(this::collect);
    }

    private void collect(PoolBook pool) {
        facts += pool.facts();
        pool.unknownTypes().forEach((type, count) -> unknownTypes.merge(type, count, Long::sum));
        pool.tasks()
                .forEach((id, task) -> tasks.computeIfAbsent(id, any -> new ArrayList<>(1))
                        .add(new Task(
                                pool.pool(),
                                task.state.name().toLowerCase(Locale.ROOT),
                                task.state.isFinal(),
                                task.attempt,
                                task.specification)));
    }
}
