package io.gpuctl.audit.rules;

import io.gpuctl.events.NodeEvent;
import io.gpuctl.events.TaskCommand;
import io.gpuctl.events.TaskId;
import io.gpuctl.events.TaskReport;
import java.util.function.Predicate;

/**
 * A rule that the records must follow. It gets the readable records of one partition number: a command, report or node
 * event before the facts that it caused, each topic in its own order. It adds what it finds to {@link Violations}.
 */
interface Rule {
    /** Returns the name of the rule in the output. */
    String name();

    default void onCommand(Place place, TaskCommand command) {}

    default void onReport(Place place, TaskReport report) {}

    default void onNodeEvent(Place place, NodeEvent event) {}

    /** Called before the fact is folded into the state. */
    default void beforeFact(FactStep step) {}

    /** Called after the fact was folded into the state. */
    default void afterFact(FactStep step) {}

    /** Called periodically: the rule may drop what it keeps about tasks that are no longer known. */
    default void forget(Predicate<TaskId> isKnown) {}

    /** Called after all records were read. */
    default void onEnd() {}
}
