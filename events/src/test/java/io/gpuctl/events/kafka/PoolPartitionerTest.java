package io.gpuctl.events.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gpuctl.events.PoolId;
import io.gpuctl.events.PoolScoped;
import io.gpuctl.events.TaskCommand;
import io.gpuctl.events.kafka.Samples.Sample;
import io.gpuctl.events.kafka.Topic.Partitioning;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.apache.kafka.clients.producer.internals.BuiltInPartitioner;
import org.apache.kafka.common.Cluster;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.PartitionInfo;
import org.junit.jupiter.api.Test;

class PoolPartitionerTest {
    private static final Cluster CLUSTER = cluster();

    private final PoolPartitioner partitioner = new PoolPartitioner();

    @Test
    void allRecordsOfAPoolMeetInOnePartition() {
        assertThat(Samples.ALL)
                .filteredOn(sample -> sample.topic().partitioning() == Partitioning.BY_POOL)
                .filteredOn(sample -> !(sample.value() instanceof TaskCommand.ClaimTaskId))
                .isNotEmpty()
                .extracting(this::partition)
                .containsOnly(PoolPartitioner.partition(new PoolId("research")));
    }

    @Test
    void allClaimsOfTaskIdsMeetInOnePartition() {
        assertThat(Samples.ALL)
                .filteredOn(sample -> sample.value() instanceof TaskCommand.ClaimTaskId)
                .isNotEmpty()
                .extracting(this::partition)
                .containsOnly(PoolPartitioner.partition(PoolId.DEFAULT));
    }

    @Test
    void whatIsNotByPoolGoesWhereKafkaWouldPutItsKey() {
        for (int node = 0; node < 100; node++) {
            byte[] key = bytes("node-" + node);
            Object telemetry = Samples.ALL.stream()
                    .filter(sample -> sample.topic().equals(Topics.GPU_TELEMETRY))
                    .findFirst()
                    .orElseThrow()
                    .value();

            assertThat(partitioner.partition(Topics.GPU_TELEMETRY.name(), "", key, telemetry, key, CLUSTER))
                    .isEqualTo(BuiltInPartitioner.partitionForKey(key, Topics.TELEMETRY_PARTITIONS));
        }
    }

    @Test
    void aRecordWithoutKeyHasAPlaceToo() {
        assertThat(partitioner.partition(Topics.DEAD_LETTERS.name(), null, null, bytes("?"), bytes("?"), CLUSTER))
                .isZero();
    }

    @Test
    void refusesARecordThatDoesNotSayItsPool() {
        assertThatThrownBy(() -> partitioner.partition(
                        Topics.TASK_COMMANDS.name(), "k", bytes("k"), "no pool", bytes("no pool"), CLUSTER))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("task-commands");
    }

    @Test
    void poolsUseAllPartitions() {
        assertThat(IntStream.range(0, 100)
                        .map(pool -> PoolPartitioner.partition(new PoolId("pool-" + pool)))
                        .distinct()
                        .sorted())
                .containsExactly(0, 1, 2, 3);
    }

    /** Existing logs depend on a pool's partition: it may never change. */
    @Test
    void theDefaultPoolStaysWhereItIs() {
        assertThat(PoolPartitioner.partition(PoolId.DEFAULT)).isEqualTo(3);
    }

    private int partition(Sample sample) {
        byte[] key = bytes("any key");
        assertThat(sample.value()).isInstanceOf(PoolScoped.class);
        return partitioner.partition(sample.topic().name(), "any key", key, sample.value(), key, CLUSTER);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static Cluster cluster() {
        Node broker = new Node(1, "localhost", 9092);
        List<PartitionInfo> partitions = new ArrayList<>();
        for (Topic<?> topic : Topics.ALL) {
            for (int partition = 0; partition < topic.partitions(); partition++) {
                Node[] replicas = {broker};
                partitions.add(new PartitionInfo(topic.name(), partition, broker, replicas, replicas));
            }
        }
        return new Cluster("cluster", List.of(broker), partitions, Set.of(), Set.of());
    }
}
