package io.gpuctl.experiments.result.files;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CsvTest {

    @ParameterizedTest
    @CsvSource({
        "5.0, 5",
        "-0.0, 0",
        "0.1, 0.1",
        "1.0E-5, 0.00001",
        "1.2345678E10, 12345678000",
        "100.0, 100",
        "-2.5E-4, -0.00025",
        "0.30000000000000004, 0.30000000000000004"
    })
    void numbersAreShortAndHaveNoExponent(double value, String text) {
        assertThat(Csv.number(value)).isEqualTo(text);
        assertThat(Double.parseDouble(text)).isEqualTo(value);
    }

    @Test
    void quotesWhatNeedsIt() {
        assertThat(Csv.line("plain", "a,b", "say \"hi\"", "", "two\nlines"))
                .isEqualTo("plain,\"a,b\",\"say \"\"hi\"\"\",,\"two\nlines\"\n");
    }
}
