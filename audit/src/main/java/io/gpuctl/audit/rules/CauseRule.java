package io.gpuctl.audit.rules;

import io.gpuctl.events.Cause;
import io.gpuctl.events.PoolScoped;
import io.gpuctl.events.kafka.Topics;
import java.util.Map;
import java.util.TreeMap;

/**
 * Every fact has an existing cause, and no input was processed twice: the facts of one input are consecutive, and the
 * facts of a later input come later.
 */
final class CauseRule implements Rule {
    private record Latest(Cause cause, long offset) {}

    private final Violations violations;
    private final Map<String, Long> beginOffsets;
    private final Map<String, Latest> latestBySource = new TreeMap<>();
    private Cause previous = Cause.TIMER;

    /** {@code beginOffsets} is the first retained offset of each topic whose records can be causes. */
    CauseRule(Map<String, Long> beginOffsets, Violations violations) {
        this.beginOffsets = new TreeMap<>(beginOffsets);
        this.violations = violations;
    }

    @Override
    public String name() {
        return "cause";
    }

    @Override
    public void beforeFact(FactStep step) {
        Cause cause = step.fact().cause();
        if (cause.source().equals(Cause.TIMER_SOURCE) || cause.source().equals(Cause.OPERATOR_SOURCE)) {
            previous = cause;
            return;
        }
        Long begin = beginOffsets.get(cause.source());
        if (begin == null || cause.partition() != step.place().partition()) {
            add(step, "it cannot have the cause " + cause);
            return;
        }
        checkOrder(step, cause);
        previous = cause;
        // Compaction removes old conditions of a node.
        boolean mayBeGone = cause.offset() < begin || cause.source().equals(Topics.NODE_CONDITIONS.name());
        checkRecord(step, cause, mayBeGone);
    }

    private void checkOrder(FactStep step, Cause cause) {
        Latest latest = latestBySource.get(cause.source());
        if (latest != null && cause.offset() < latest.offset()) {
            add(step, "its cause %s came before the cause %s of an earlier fact".formatted(cause, latest.cause()));
        } else if (latest != null && cause.offset() == latest.offset() && !cause.equals(previous)) {
            add(step, "its cause %s was already processed: facts of other causes are in between".formatted(cause));
        } else {
            latestBySource.put(cause.source(), new Latest(cause, cause.offset()));
        }
    }

    private void checkRecord(FactStep step, Cause cause, boolean mayBeGone) {
        Entry<?> entry = step.cause();
        if (entry == null) {
            if (!mayBeGone) {
                add(step, "its cause %s is missing".formatted(cause));
            }
        } else if (entry.value() == null) {
            add(step, "its cause %s cannot be read: %s".formatted(cause, entry.defect()));
        } else if (entry.value() instanceof PoolScoped scoped
                && !scoped.pool().equals(step.fact().pool())) {
            add(step, "its cause %s is of pool %s".formatted(cause, scoped.pool()));
        }
    }

    private void add(FactStep step, String text) {
        violations.add(
                name(),
                step.place(),
                "Fact %d of pool %s (%s): %s"
                        .formatted(
                                step.fact().sequence(),
                                step.fact().pool(),
                                step.fact().event().getClass().getSimpleName(),
                                text));
    }
}
