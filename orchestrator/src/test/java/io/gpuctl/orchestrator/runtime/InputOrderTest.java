package io.gpuctl.orchestrator.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import io.gpuctl.events.PoolId;
import io.gpuctl.events.TaskCommand;
import io.gpuctl.events.TaskId;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.junit.jupiter.api.Test;

class InputOrderTest {
    private static final long START_MS = 1_000_000;
    private static final TaskCommand COMMAND = new TaskCommand.CancelTask(PoolId.DEFAULT, new TaskId("t"), 0);

    private long nowMs = START_MS;
    private final InputOrder order = new InputOrder(() -> nowMs);

    @Test
    void isThatOfTheirTimes() {
        assertThat(timeOf("report", 500)).isEqualTo(500);
        assertThat(timeOf(COMMAND, 600)).isEqualTo(600);
    }

    @Test
    void aTimeAheadOrNoneIsNow() {
        assertThat(timeOf("report", START_MS + 1)).isEqualTo(START_MS);
        assertThat(timeOf("report", -1)).isEqualTo(START_MS);
        assertThat(timeOf(COMMAND, Long.MAX_VALUE)).isEqualTo(START_MS);
    }

    @Test
    void whatFloodsOneTopicDoesNotHoldUpTheOthers() {
        nowMs = START_MS + 60_000;
        order.taken(1, START_MS + 5_000);

        assertThat(timeOf(COMMAND, nowMs - 10)).isEqualTo(START_MS + 5_000);
        assertThat(timeOf("answer to a stop", nowMs - 10)).isEqualTo(START_MS + 5_000);
        assertThat(timeOf("the flood", START_MS + 4_999)).isEqualTo(START_MS + 4_999);
    }

    @Test
    void anInputWaitsForWhatCameJustBefore() {
        nowMs = START_MS + 60_000;
        order.taken(1, nowMs - 100);

        assertThat(timeOf(COMMAND, nowMs - 10)).isEqualTo(nowMs - 10);
    }

    @Test
    void whatWaitedWhileNobodyRanKeepsItsOrder() {
        nowMs = START_MS + 60_000;
        order.taken(1, 1_000);

        assertThat(timeOf(COMMAND, 2_000)).isEqualTo(2_000);
    }

    @Test
    void isBehindWhenAllThatWasTakenHadWaited() {
        assertThat(order.isBehind(1)).isFalse();

        order.taken(1, nowMs - 10_000);
        order.taken(1, nowMs - 3_000);
        assertThat(order.isBehind(1)).isTrue();
        assertThat(order.isBehind(1)).isFalse();

        order.taken(1, nowMs - 100);
        order.taken(1, nowMs - 10_000);
        assertThat(order.isBehind(1)).isFalse();
    }

    /** Otherwise the first record would set the order's time back permanently, for all records that follow. */
    @Test
    void afterASilenceTheOrderGoesOnFromWhenRecordsWereSent() {
        order.taken(1, START_MS + 1_000);
        nowMs = START_MS + 60_000;
        assertThat(timeOf(COMMAND, nowMs - 10)).isEqualTo(START_MS + 1_000);

        long sentMs = order.sentMs("topic", 1, 0);
        order.taken(1, sentMs);

        assertThat(sentMs).isEqualTo(nowMs - 10);
        assertThat(timeOf(COMMAND, nowMs - 5)).isEqualTo(nowMs - 5);
        assertThat(order.isBehind(1)).isFalse();
    }

    private long timeOf(Object value, long timestampMs) {
        var record = new ConsumerRecord<Object, Object>(
                "topic",
                1,
                0,
                timestampMs,
                TimestampType.CREATE_TIME,
                0,
                0,
                "key",
                value,
                new RecordHeaders(),
                java.util.Optional.empty());
        return order.extract(record, -1);
    }
}
