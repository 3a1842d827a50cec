package io.gpuctl.telemetry.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class MemoTest {

    private final List<String> computed = new ArrayList<>();
    private final Memo<String, Integer> lengths = new Memo<>();

    private int length(int hash, String text) {
        return lengths.get(hash, text, argument -> {
            computed.add(argument);
            return argument.length();
        });
    }

    @Test
    void computesOnceForEqualArguments() {
        assertThat(length(1, "node")).isEqualTo(4);
        assertThat(length(1, String.copyValueOf("node".toCharArray()))).isEqualTo(4);

        assertThat(computed).containsExactly("node");
    }

    @Test
    void anotherArgumentInTheSameSlotReplacesTheFirst() {
        assertThat(length(1, "node")).isEqualTo(4);
        assertThat(length(1, "gpu")).isEqualTo(3);
        assertThat(length(1, "node")).isEqualTo(4);

        assertThat(computed).containsExactly("node", "gpu", "node");
    }

    @Test
    void anyHashHasASlot() {
        for (int hash : new int[] {Integer.MIN_VALUE, -1, 0, 255, 256, 65_536, Integer.MAX_VALUE}) {
            assertThat(length(hash, "a".repeat(hash & 7))).isEqualTo(hash & 7);
        }
    }
}
