package io.gpuctl.events.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ReplicationTest {
    @ParameterizedTest
    @CsvSource({"1,1,1", "2,2,1", "3,3,2", "5,3,2"})
    void followsFromTheNumberOfBrokers(int brokers, int factor, int minInSync) {
        assertThat(Replication.forBrokers(brokers)).isEqualTo(new Replication(factor, minInSync));
        assertThat(ReplicationChoice.BY_BROKERS.on(brokers)).isEqualTo(new Replication(factor, minInSync));
    }

    @ParameterizedTest
    @CsvSource({"4,3", "5,3", "6,4"})
    void mostOfManyCopiesMustHaveARecord(int factor, int minInSync) {
        assertThat(Replication.ofFactor(factor).minInSync()).isEqualTo(minInSync);
    }

    @Test
    void isWhatSomebodyHasChosenAndTheRestFollows() {
        assertThat(choice(2, 2).on(3)).isEqualTo(new Replication(2, 2));
        assertThat(new ReplicationChoice(OptionalInt.of(1), OptionalInt.empty()).on(3))
                .isEqualTo(new Replication(1, 1));
        assertThat(new ReplicationChoice(OptionalInt.empty(), OptionalInt.of(1)).on(3))
                .isEqualTo(new Replication(3, 1));
    }

    @Test
    void cannotBeMoreThanThereAreBrokers() {
        assertThatThrownBy(() -> choice(3, 2).on(1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("the replication factor is 3, but the cluster has 1 broker");
    }

    @Test
    void cannotAskForMoreCopiesInSyncThanThereAre() {
        assertThatThrownBy(() -> new ReplicationChoice(OptionalInt.empty(), OptionalInt.of(2)).on(1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("min.insync.replicas is 2, but must be between 1 and the replication factor 1");
    }

    private static ReplicationChoice choice(int factor, int minInSync) {
        return new ReplicationChoice(OptionalInt.of(factor), OptionalInt.of(minInSync));
    }
}
