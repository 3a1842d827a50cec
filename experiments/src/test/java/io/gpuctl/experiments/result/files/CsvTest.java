package io.gpuctl.experiments.result.files;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

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

    /**
     * A spreadsheet evaluates cells that begin like this: {@code =cmd|' /C calc'!A0} as a user's name runs a program.
     */
    @ParameterizedTest
    @ValueSource(strings = {"=1+1", "+cmd|'/C calc'!A0", "-2+3", "@SUM(A1)", "\t=1", "-", "+x"})
    void aFormulaIsText(String user) {
        assertThat(Csv.line(user)).startsWith("'" + user);
    }

    @ParameterizedTest
    @ValueSource(strings = {"-0.5", "+1", "-1e-5", "a=b", "x-1", "'=1"})
    void whatIsNoFormulaStaysAsItIs(String cell) {
        assertThat(Csv.line(cell)).isEqualTo(cell + "\n");
    }

    @Test
    void quotesWhatNeedsIt() {
        assertThat(Csv.line("plain", "a,b", "say \"hi\"", "", "two\nlines"))
                .isEqualTo("plain,\"a,b\",\"say \"\"hi\"\"\",,\"two\nlines\"\n");
    }
}
