package io.gpuctl.events.units;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Checks how quantities are read and shown. */
class QuantitiesTest {

    @ParameterizedTest
    @CsvSource({
        "30s, 30000",
        "5m, 300000",
        "1h30m, 5400000",
        "2d, 172800000",
        "250ms, 250",
        "1.5h, 5400000",
        "1h 30m, 5400000",
        "0s, 0"
    })
    void readsDurations(String text, long millis) {
        assertThat(Durations.parse(text)).isEqualTo(Duration.ofMillis(millis));
    }

    @ParameterizedTest
    @CsvSource({
        "30, has no unit",
        "1.5, has no unit",
        "-5s, is negative",
        "5x, is not a duration",
        "s, is not a duration",
        "'', is not a duration",
        "5s5, is not a duration",
        "9999999999d, is too long",
        "0.0001s, is less than a millisecond",
        "0.5ms, is less than a millisecond"
    })
    void refusesWhatIsNoDuration(String text, String problem) {
        assertThatThrownBy(() -> Durations.parse(text))
                .isInstanceOf(InvalidQuantityException.class)
                .hasMessage("'%s' %s: write it like 30s, 5m, 1h30m, 2d or 250ms", text, problem);
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0s",
        "250, 0.25s",
        "1500, 1.5s",
        "30000, 30s",
        "12345, 12s",
        "65000, 1m 5s",
        "3600000, 1h",
        "5460000, 1h 31m",
        "97200000, 1d 3h",
        "-1500, -1.5s"
    })
    void showsDurations(long millis, String text) {
        assertThat(Durations.human(millis)).isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource({
        "40GiB, 40960",
        "512MiB, 512",
        "1.5TiB, 1572864",
        "40 GiB, 40960",
        "40gib, 40960",
        "16Gi, 16384",
        "1GB, 954",
        "1KiB, 1",
        "0GiB, 0"
    })
    void readsSizes(String text, long mib) {
        assertThat(Sizes.parseMib(text)).isEqualTo(mib);
    }

    @ParameterizedTest
    @CsvSource({
        "40, has no unit",
        "40G, has the unknown unit G",
        "-1GiB, is not a size",
        "GiB, is not a size",
        "99999999999TiB, is too large"
    })
    void refusesWhatIsNoSize(String text, String problem) {
        assertThatThrownBy(() -> Sizes.parseMib(text))
                .isInstanceOf(InvalidQuantityException.class)
                .hasMessage("'%s' %s: write it like 40GiB, 512MiB or 1.5TiB", text, problem);
    }

    @ParameterizedTest
    @CsvSource({"512, 512MiB", "1024, 1GiB", "1536, 1.5GiB", "81920, 80GiB", "102400, 100GiB"})
    void showsSizes(long mib, String text) {
        assertThat(Sizes.human(mib)).isEqualTo(text);
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "1", "8", "0.5", "0.001", "2.0"})
    void readsGpus(String text) {
        assertThat(Gpus.parse(text)).isEqualByComparingTo(text);
    }

    @ParameterizedTest
    @CsvSource({
        "1.5, is neither a whole number nor a share of one GPU",
        "0.0001, is finer than a thousandth of a GPU",
        "-1, is negative",
        "two, is not a number of GPUs",
        "99999, is more than 4096 GPUs"
    })
    void refusesWhatIsNoNumberOfGpus(String text, String problem) {
        assertThatThrownBy(() -> Gpus.parse(text))
                .isInstanceOf(InvalidQuantityException.class)
                .hasMessageStartingWith("'%s' %s: write it like", text, problem);
    }

    @ParameterizedTest
    @CsvSource({"4, 4000", "0.5, 500", "500m, 500", "0.0001, 1"})
    void readsCpus(String text, long milli) {
        assertThat(Cpus.parseMilli(text)).isEqualTo(milli);
    }
}
