package io.gpuctl.simulator.model;

import static io.gpuctl.simulator.model.Nodes.INCARNATION;
import static io.gpuctl.simulator.model.Nodes.PHYSICS;
import static io.gpuctl.simulator.model.Nodes.START_MS;
import static io.gpuctl.simulator.model.Nodes.fullLoad;
import static io.gpuctl.simulator.model.Nodes.start;
import static io.gpuctl.simulator.model.Nodes.stop;
import static io.gpuctl.simulator.model.Nodes.wholeGpus;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SiteTest {
    private final Site site = new Site();

    private NodeModel node(String rack) {
        var inventory = Nodes.inventory(Nodes.COOL).in(rack, Nodes.ID);
        var node = new NodeModel(inventory, INCARNATION, PHYSICS, START_MS);
        site.add(node, START_MS);
        return node;
    }

    private void settle() {
        for (var due = site.firstDue(); due != null && due.nextEventMs() <= START_MS + 100_000; due = site.firstDue()) {
            due.advance(due.nextEventMs());
        }
        site.takeTouched();
    }

    @Test
    void knowsTheNodeOnWhichSomethingHappensFirst() {
        NodeModel first = node("");
        NodeModel second = node("");
        assertThat(site.firstDue()).isNull();
        assertThat(site.nextEventMs()).isEqualTo(NodeModel.NEVER);

        first.start(start("long", wholeGpus(0), fullLoad(2_000)), START_MS);
        second.start(start("short", wholeGpus(0), fullLoad(1_000)), START_MS);

        assertThat(site.firstDue()).isSameAs(second);
        assertThat(site.nextEventMs()).isEqualTo(START_MS + 1_000);

        second.stop(stop("short"), START_MS + 500);

        assertThat(site.firstDue()).isSameAs(first);
    }

    @Test
    void takesTheNodeThatStartedFirstOfThoseThatAreDueAtOnce() {
        NodeModel first = node("");
        NodeModel second = node("");
        second.start(start("a", wholeGpus(0), fullLoad(1_000)), START_MS);
        first.start(start("b", wholeGpus(0), fullLoad(1_000)), START_MS);

        assertThat(site.firstDue()).isSameAs(first);
    }

    @Test
    void knowsWhatANeighbourChanges() {
        NodeModel busy = node("r1");
        NodeModel idle = node("r1");
        settle();
        long beforeMs = site.nextEventMs();

        busy.start(start("a", wholeGpus(0), fullLoad(3_600_000)), START_MS + 100_000);

        assertThat(site.nextEventMs()).isLessThan(beforeMs).isEqualTo(idle.nextEventMs());
        assertThat(site.takeTouched()).contains(idle);
    }

    @Test
    void forgetsANodeThatHasLeft() {
        NodeModel gone = node("r1");
        NodeModel left = node("r1");
        gone.start(start("a", wholeGpus(0), fullLoad(1_000)), START_MS);

        gone.leave(START_MS);

        assertThat(site.takeTouched()).doesNotContain(gone);
        assertThat(site.firstDue()).isSameAs(left);
    }
}
