package io.gpuctl.events;

import static org.assertj.core.api.Assertions.assertThat;

import io.gpuctl.events.GangLayout.Part;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class GangLayoutTest {
    /** Nodes by their number of GPUs and of free GPUs. */
    private record Nodes(List<Integer> gpus, List<Integer> free) implements GangLayout.Sites {
        static Nodes of8(Integer... free) {
            return new Nodes(Collections.nCopies(free.length, 8), List.of(free));
        }

        static Nodes empty(Integer... gpus) {
            return new Nodes(List.of(gpus), List.of(gpus));
        }

        @Override
        public int size() {
            return gpus.size();
        }

        @Override
        public int gpus(int site) {
            return gpus.get(site);
        }

        @Override
        public boolean couldHold(int site, int count) {
            return gpus.get(site) >= count;
        }

        @Override
        public boolean hasRoom(int site, int count) {
            return free.get(site) >= count;
        }
    }

    @Test
    void whatFitsOnANodeGoesOnTheFirstWithRoom() {
        assertThat(GangLayout.lay(4, 1, Nodes.of8(3, 4, 8))).containsExactly(new Part(1, 4));
    }

    @Test
    void whatFitsOnANodeIsNeverSplit() {
        assertThat(GangLayout.lay(8, 4, Nodes.of8(4, 4, 7))).isEmpty();
    }

    @Test
    void aLargerOneFillsEmptyNodesAndHasItsRestOnTheFirstOther() {
        assertThat(GangLayout.lay(20, 3, Nodes.of8(7, 8, 4, 8)))
                .containsExactly(new Part(1, 8), new Part(3, 8), new Part(0, 4));
    }

    @Test
    void itsRestMayBeOnANodeThatIsEmptyToo() {
        assertThat(GangLayout.lay(12, 2, Nodes.of8(8, 8))).containsExactly(new Part(0, 8), new Part(1, 4));
    }

    @Test
    void whatFillsNodesHasNoRest() {
        assertThat(GangLayout.lay(16, 2, Nodes.of8(8, 8, 8))).containsExactly(new Part(0, 8), new Part(1, 8));
    }

    @Test
    void waitsForNodesThatAreEmpty() {
        assertThat(GangLayout.lay(12, 9, Nodes.of8(8, 3, 3))).isEmpty();
        assertThat(GangLayout.lay(16, 9, Nodes.of8(8, 7, 7))).isEmpty();
    }

    @Test
    void spansNoMoreNodesThanItMay() {
        assertThat(GangLayout.lay(12, 1, Nodes.of8(8, 8))).isEmpty();
        assertThat(GangLayout.lay(17, 2, Nodes.of8(8, 8, 8))).isEmpty();
    }

    @Test
    void whereNodesDifferTheLargestAreFilledFirst() {
        Nodes nodes = Nodes.empty(4, 8, 4, 0);

        assertThat(GangLayout.lay(12, 3, nodes)).containsExactly(new Part(1, 8), new Part(0, 4));
        assertThat(GangLayout.lay(16, 3, nodes))
                .as("but only those of one size")
                .isEmpty();
    }

    @Test
    void orTheNextLargestIfThoseAreTaken() {
        Nodes nodes = new Nodes(List.of(4, 8, 4, 4), List.of(4, 7, 4, 4));

        assertThat(GangLayout.lay(12, 3, nodes)).containsExactly(new Part(0, 4), new Part(2, 4), new Part(3, 4));
        assertThat(GangLayout.lay(12, 2, nodes)).as("with more nodes").isEmpty();
    }

    @Test
    void withoutGpusThereIsNoRoom() {
        assertThat(GangLayout.lay(1, 9, Nodes.of8())).isEqualTo(List.of());
        assertThat(GangLayout.lay(1, 9, Nodes.empty(0))).isEmpty();
    }
}
