package io.gpuctl.cli.chaos.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import org.junit.jupiter.api.Test;

class TimelineTest {
    private static final URI ONE = URI.create("http://one:1");
    private static final URI OTHER = URI.create("http://other:1");

    private final Timeline timeline = new Timeline();

    private void add(URI api, long second, int... statuses) {
        for (int status : statuses) {
            timeline.add(api, second * 1000 + 999, 10, status);
        }
    }

    @Test
    void tellsAnswersRefusalsAndSilenceApart() {
        add(ONE, 5, 201, 409, 503, Claim.NO_ANSWER);

        assertThat(timeline.of(ONE, 5, 5)).isEqualTo(new Timeline.Span(2, 1, 1, 0));
    }

    @Test
    void theLongestOutageIsTheLongestRunOfSecondsWithoutAnAnswer() {
        add(ONE, 1, 201);
        add(ONE, 2, 503);
        add(ONE, 3, 503, 503);
        add(ONE, 4, Claim.NO_ANSWER, 201);
        add(ONE, 5, 503);

        assertThat(timeline.of(ONE, 1, 5).longestOutage()).isEqualTo(2);
    }

    @Test
    void aSpanEndsWhereItIsAskedTo() {
        add(ONE, 1, 201);
        add(ONE, 2, 201);
        add(ONE, 3, 201);

        assertThat(timeline.of(ONE, 2, 2).answered()).isEqualTo(1);
    }

    @Test
    void usersOfAllApisAreWithoutAnAnswerOnlyWhileNoneAnswers() {
        add(ONE, 1, 503);
        add(OTHER, 1, 201);
        add(ONE, 2, 503);
        add(OTHER, 2, 503);

        assertThat(timeline.ofAll()).isEqualTo(new Timeline.Span(1, 3, 0, 1));
    }

    @Test
    void hasALineForEachSecondAndApi() {
        add(OTHER, 1, 201);
        add(ONE, 1, Claim.NO_ANSWER);
        timeline.add(OTHER, 1_500, 30, 503);

        assertThat(timeline.csv())
                .containsExactly(
                        "time,api,answered,refused,unanswered,latency_ms_median,latency_ms_max",
                        "1970-01-01T00:00:01Z,http://one:1,0,0,1,,",
                        "1970-01-01T00:00:01Z,http://other:1,1,1,0,30,30");
    }
}
