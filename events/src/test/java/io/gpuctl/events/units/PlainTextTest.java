package io.gpuctl.events.units;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Checks which text from untrusted sources is accepted, and how the text is shown. */
class PlainTextTest {

    @ParameterizedTest
    @CsvSource({
        "a\u001b[2J, a\\u001b[2J",
        "a\u009bb, a\\u009bb",
        "a\u202eb, a\\u202eb",
        "a\u2066b, a\\u2066b",
        "a\u2028b, a\\u2028b",
        "a\ud83db, a\\ud83db",
        "Zoë 李 😀, Zoë 李 😀"
    })
    void escapesWhatSteersATerminal(String text, String shown) {
        assertThat(PlainText.escaped(text)).isEqualTo(shown);
    }

    @Test
    void cutsLongTextBetweenCharacters() {
        assertThat(PlainText.quoted("x".repeat(5_000_000))).isEqualTo("x".repeat(200) + "...");
        assertThat(PlainText.quoted("x" + "😀".repeat(200))).isEqualTo("x" + "😀".repeat(99) + "...");
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "-1", "+1.5", ".5", "1.", "1e400", "1E-400", "1e+05", "4.9E-324"})
    void takesNumbers(String text) {
        assertThat(Decimals.parse(text)).hasValue(new BigDecimal(text));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ".",
                "-",
                "e5",
                "1e",
                "1e+",
                "1.2.3",
                "1e5.0",
                "0x1",
                "1 2",
                "NaN",
                "Infinity",
                "١",
                "1f",
                "1e401",
                "1e-10000000",
                "1e-2147483648",
                "1e99999999999",
                "1e4294967296"
            })
    void refusesWhatIsNoNumberThatCanBeComputedWith(String text) {
        assertThat(Decimals.parse(text)).isEmpty();
    }

    @Test
    void refusesMoreDigitsThanAnybodyMeans() {
        assertThat(Decimals.parse("1".repeat(100))).isPresent();
        assertThat(Decimals.parse("1".repeat(101))).isEmpty();
        assertThat(Decimals.parse("0." + "0".repeat(100))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"1e-10000000", "1e99999999999", "1e2147483647"})
    void quantitiesRefuseThem(String number) {
        assertThatThrownBy(() -> Gpus.parse(number)).isInstanceOf(InvalidQuantityException.class);
    }
}
