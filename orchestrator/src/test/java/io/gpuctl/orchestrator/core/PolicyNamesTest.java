package io.gpuctl.orchestrator.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gpuctl.events.InvalidFieldException;
import io.gpuctl.events.PolicySpec;
import io.gpuctl.orchestrator.policy.Policies;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PolicyNamesTest {
    @ParameterizedTest
    @CsvSource({
        "fifo, fifo+first-fit",
        "arrival, arrival+first-fit",
        "first-fit, arrival+first-fit",
        "intelligent, arrival+intelligent",
        "fifo+intelligent, fifo+intelligent"
    })
    void aNameIsAnOrderAPlacementOrBoth(String name, String both) {
        assertThat(Policies.create(PolicySpec.named(name)).name()).isEqualTo(both);
    }

    @Test
    void everyNameIsAPolicy() {
        for (String name : Policies.names()) {
            assertThat(Policies.create(PolicySpec.named(name)).name()).contains(name);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"no-such", "intelligent+fifo", "fifo+no-such", "no-such+first-fit", "fifo+fifo"})
    void saysWhatNamesThereAre(String name) {
        assertThatThrownBy(() -> Policies.create(PolicySpec.named(name)))
                .isInstanceOf(InvalidFieldException.class)
                .hasMessageContaining(name + ", but must be one of arrival, ")
                .hasMessageContaining("ORDER+PLACEMENT");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "+", "fifo+", "+fifo", "a+b+c", "-a", "a b"})
    void aNameHasAtMostOnePlusBetweenTwoWords(String name) {
        assertThatThrownBy(() -> PolicySpec.named(name))
                .isInstanceOfSatisfying(
                        InvalidFieldException.class, e -> assertThat(e.field()).isEqualTo("policy.name"));
    }
}
