package io.gpuctl.simulator.host;

import io.gpuctl.events.NodeCommand;
import io.gpuctl.events.NodeCommand.StartAttempt;
import io.gpuctl.events.NodeCommand.StopAttempt;
import io.gpuctl.events.NodeEvent.Registered;
import io.gpuctl.events.NodeEvent.ShutDown;
import io.gpuctl.events.NodeInventory;
import io.gpuctl.events.TaskReport;
import io.gpuctl.simulator.faults.Fault;
import io.gpuctl.simulator.model.NodeModel;
import io.gpuctl.simulator.model.Site;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One node over all its starts. Each call returns what the node sends; a node that is down or cut off sends nothing.
 *
 * <p>A node that goes down loses its attempts, its unsent messages and its missed commands. A node that is cut off
 * keeps running its attempts and keeps its messages. Once it reconnects, it first sends them, and then obeys the
 * commands that it missed.
 *
 * <p>The caller first brings the whole {@link Site} to {@code nowMs}, by running everything there that is due earlier.
 * Otherwise each method that takes a time throws {@link IllegalStateException} and changes nothing. Times are cluster
 * time, ms. Not thread-safe: for the thread that runs the nodes.
 */
public final class NodeLife {
    private final NodeInventory inventory;
    private final Site site;
    private final Machine machine;
    private final Mailbox mailbox = new Mailbox();
    private @Nullable NodeModel model;
    private long incarnation;
    private boolean isCutOff;
    private boolean hasCrashed;
    private boolean isAfterCrash;
    private long outage;

    /** The machine that a node starts on. */
    public interface Machine {
        /** Creates the model for one start; {@link NodeLife} adds the model to the site. */
        NodeModel boot(long incarnation, long nowMs);

        /** Called when the node goes down; the node has drawn power until {@code nowMs}. */
        default void goesDown(NodeModel model, long nowMs) {}

        /** Returns the inventory that the node registers with. */
        NodeInventory describe(NodeModel model);
    }

    /**
     * Creates a node that is down.
     *
     * @param incarnation of its last start; 0 if there was none
     */
    public NodeLife(NodeInventory inventory, long incarnation, Site site, Machine machine) {
        this.inventory = inventory;
        this.incarnation = incarnation;
        this.site = site;
        this.machine = machine;
    }

    /**
     * Resumes the node where it was suspended. Call this before any other method.
     *
     * @param suspended a model that is on no site yet
     */
    public void resume(NodeModel suspended, boolean wasCutOff, Mail mail, long nowMs) {
        site.add(suspended, nowMs);
        model = suspended;
        incarnation = suspended.incarnation();
        isCutOff = wasCutOff;
        mailbox.put(mail);
    }

    /**
     * Starts the node, with nothing running on it. A node that is up goes down first.
     *
     * @return the node's registration
     * @throws IllegalArgumentException if the incarnation is not above that of the last start
     */
    public Said start(long newIncarnation, long nowMs) {
        if (newIncarnation <= incarnation) {
            throw new IllegalArgumentException("Node %s cannot start as incarnation %d: its last one was %d"
                    .formatted(inventory.nodeId(), newIncarnation, incarnation));
        }
        turnOff(nowMs);
        NodeModel started = machine.boot(newIncarnation, nowMs);
        site.add(started, nowMs);
        model = started;
        incarnation = newIncarnation;
        isAfterCrash = hasCrashed;
        hasCrashed = false;
        return register(nowMs);
    }

    /** Returns the node's registration, which a node may repeat at any time. */
    public Said register(long nowMs) {
        return model == null || isCutOff
                ? Said.NOTHING
                : Said.of(new Registered(machine.describe(model), incarnation, isAfterCrash, nowMs));
    }

    /** Crashes the node's machine. */
    public void crash(long nowMs) {
        turnOff(nowMs);
        noteCrash();
    }

    /** Makes the node report at its next start that its machine has crashed. */
    public void noteCrash() {
        hasCrashed = true;
    }

    /** Turns the node off without a farewell. */
    public void turnOff(long nowMs) {
        requireSiteAt(nowMs);
        if (model != null) {
            machine.goesDown(model, nowMs);
            model.leave(nowMs);
        }
        model = null;
        isCutOff = false;
        outage++;
        mailbox.clear();
    }

    /** Shuts the node down in order: it reconnects if cut off, sends its remaining messages, and then its farewell. */
    public Said shutDown(long nowMs) {
        if (model == null) {
            return Said.NOTHING;
        }
        requireSiteAt(nowMs);
        Said last = reconnect().then(obeyMissed(nowMs));
        turnOff(nowMs);
        return new Said(
                last.events(), last.reports(), new ShutDown(inventory.pool(), inventory.nodeId(), incarnation, nowMs));
    }

    /**
     * Cuts the node off: it keeps running its attempts, but receives and sends nothing. A node that is already down or
     * cut off does not change.
     */
    public void cutOff() {
        if (model != null && !isCutOff) {
            isCutOff = true;
            outage++;
        }
    }

    /**
     * Reconnects the node. Call {@link #obeyMissed} next.
     *
     * @return what the node could not send
     */
    public Said reconnect() {
        if (!isCutOff) {
            return Said.NOTHING;
        }
        isCutOff = false;
        outage++;
        return mailbox.takeUnsaid();
    }

    /** Returns whether there are commands that the node missed. */
    public boolean hasMissed() {
        return mailbox.hasMissed();
    }

    /** Makes the node obey the commands that it missed, in the order in which they were given. */
    public Said obeyMissed(long nowMs) {
        requireSiteAt(nowMs);
        Said said = Said.NOTHING;
        for (NodeCommand command : mailbox.takeMissed()) {
            said = said.then(obey(command, nowMs));
        }
        return said.then(advance(nowMs));
    }

    /** Makes the node obey a command, or miss it while cut off. Ignores a command for another start of the node. */
    public Said obey(NodeCommand command, long nowMs) {
        if (model == null) {
            return Said.NOTHING;
        }
        if (isCutOff) {
            mailbox.miss(command);
            return Said.NOTHING;
        }
        requireSiteAt(nowMs);
        return say(
                model,
                switch (command) {
                    case StartAttempt start -> model.start(start, nowMs);
                    case StopAttempt stop -> model.stop(stop, nowMs);
                });
    }

    /**
     * Returns whether a fault would have an effect now. A node that is down is not affected by any fault, a node that
     * is already cut off not by a partition, and a GPU that is too cool not by a heat-dependent fault.
     */
    public boolean isHitBy(Fault fault, long nowMs) {
        return model != null
                && switch (fault.kind()) {
                    case NODE_CRASH -> true;
                    case PARTITION -> !isCutOff;
                    case XID, THERMAL_SHUTDOWN, STRAGGLER, ECC_SINGLE_BIT -> model.isWarmEnough(fault, nowMs);
                };
    }

    /** Applies a fault. It has no effect on a node that is down. */
    public Said strike(Fault fault, long nowMs) {
        if (model == null) {
            return Said.NOTHING;
        }
        return switch (fault.kind()) {
            case NODE_CRASH -> {
                crash(nowMs);
                yield Said.NOTHING;
            }
            case PARTITION -> {
                cutOff();
                yield Said.NOTHING;
            }
            case XID, THERMAL_SHUTDOWN, STRAGGLER, ECC_SINGLE_BIT -> {
                requireSiteAt(nowMs);
                yield say(model, model.fault(fault, nowMs));
            }
        };
    }

    /** Lets time pass on the node. */
    public Said advance(long nowMs) {
        if (model == null) {
            return Said.NOTHING;
        }
        requireSiteAt(nowMs);
        return say(model, model.advance(nowMs));
    }

    private Said say(NodeModel speaker, List<TaskReport> reports) {
        var said = new Said(speaker.events(), reports);
        if (isCutOff) {
            mailbox.keep(said);
            return Said.NOTHING;
        }
        return said;
    }

    private void requireSiteAt(long nowMs) {
        long dueMs = site.nextEventMs();
        if (dueMs < nowMs) {
            throw new IllegalStateException("Node %s cannot advance to %d ms: an event at its site is due at %d ms"
                    .formatted(inventory.nodeId(), nowMs, dueMs));
        }
    }

    /** Returns the number of the node's outage, which changes at each start, end, cut-off and reconnection. */
    public long outage() {
        return outage;
    }

    public NodeInventory inventory() {
        return inventory;
    }

    /** Returns the incarnation of the last start; 0 if there was none. */
    public long incarnation() {
        return incarnation;
    }

    /** Returns the model of the running node; null while the node is down. */
    public @Nullable NodeModel model() {
        return model;
    }

    public boolean isCutOff() {
        return isCutOff;
    }

    /** Returns whether the node is down or cut off. */
    public boolean isSilent() {
        return model == null || isCutOff;
    }

    /** Returns the undelivered messages of the node and the scheduler; empty unless the node is cut off. */
    public Mail mail() {
        return mailbox.content();
    }
}
