package io.gpuctl.events.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.junit.jupiter.api.Test;

class FailureTextTest {
    @Test
    void isTheRootCauseAndWhatItWasAbout() {
        var tooLarge = new RecordTooLargeException("The message is 1065553 bytes");
        var failure = new IllegalStateException(new KafkaException(
                "Error encountered sending record to topic t for task 0_3 due to:\n" + tooLarge, tooLarge));

        assertThat(FailureText.of(failure))
                .isEqualTo("RecordTooLargeException: The message is 1065553 bytes"
                        + " (Error encountered sending record to topic t for task 0_3)");
    }

    @Test
    void saysWhichRecordWasBeingProcessedWithoutItsStackTrace() {
        var failure = new KafkaException(
                "Exception caught in process. taskId=0_3, topic=t, partition=3, offset=17, stacktrace=at A\nat B",
                new IllegalStateException("two\nlines"));

        assertThat(FailureText.of(failure))
                .isEqualTo("IllegalStateException: two"
                        + " (Exception caught in process. taskId=0_3, topic=t, partition=3, offset=17)");
    }

    @Test
    void isNoLongerThanALine() {
        assertThat(FailureText.of(new IOException())).isEqualTo("IOException");
        assertThat(FailureText.of(new IOException("x".repeat(1 << 20)))).hasSizeLessThan(1_100);
    }
}
