package io.gpuctl.cli.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine.TypeConversionException;

class TimestampConverterTest {

    @ParameterizedTest
    @CsvSource({
        "1764345600000,1764345600000",
        "2025-11-28T16:00:00Z,1764345600000",
        "2025-11-28T17:00:00+01:00,1764345600000",
        "0,0",
        "60000,60000"
    })
    void readsATime(String text, long ms) {
        assertThat(new TimestampConverter().convert(text)).isEqualTo(ms);
    }

    @Test
    void refusesSecondsInThePlaceOfMilliseconds() {
        assertThatThrownBy(() -> new TimestampConverter().convert("1764345600"))
                .isInstanceOf(TypeConversionException.class)
                .hasMessage("'1764345600' is 1970-01-21T10:05:45.600Z in milliseconds since 1970, but"
                        + " 2025-11-28T16:00:00Z in seconds: write 1764345600000 for seconds, or the date");
    }

    @ParameterizedTest
    @CsvSource({"1764345600000000", "1764345600000000000", "99999999999999999999", "yesterday", "-5"})
    void refusesWhatIsNoTime(String text) {
        assertThatThrownBy(() -> new TimestampConverter().convert(text)).isInstanceOf(TypeConversionException.class);
    }
}
