package io.gpuctl.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ManPagesTest {
    @Test
    void bracketsInWhatAnOptionTakesAreNoMarkup() {
        assertThat(ManPages.withPlainBrackets(
                        "*gpuctl run api* [*-hV*] [*--advertise*=_HOST[:PORT]_] [*--config*=_FILE_]"))
                .isEqualTo("*gpuctl run api* [*-hV*] [*--advertise*=_HOST{startsb}:PORT{endsb}_] [*--config*=_FILE_]");
    }
}
