package io.gpuctl.audit.rules;

import io.gpuctl.events.NodeEvent;
import io.gpuctl.events.TaskCommand;
import io.gpuctl.events.TaskId;
import io.gpuctl.events.TaskReport;
import java.util.function.Predicate;

/**
 * One thing that must hold. It is shown the readable records of one partition number: a command, report or node event
 * before the facts that it caused, each topic in its own order. What it finds it adds to {@link Violations}.
 */
interface Rule {
    /** What the rule is called in the output. */
    String name();

    default void onCommand(Place place, TaskCommand command) {}

    default void onReport(Place place, TaskReport report) {}

    default void onNodeEvent(Place place, NodeEvent event) {}

    /** The fact was read; the state is as it was before it. */
    default void beforeFact(FactStep step) {}

    /** The fact was folded into the state. */
    default void afterFact(FactStep step) {}

    /** Now and then: what is kept of tasks that are not known any more may be dropped. */
    default void forget(Predicate<TaskId> isKnown) {}

    /** All was read. */
    default void onEnd() {}
}
