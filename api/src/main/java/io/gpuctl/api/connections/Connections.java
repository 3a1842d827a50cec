package io.gpuctl.api.connections;

import io.gpuctl.api.connections.Connection.EndReason;
import io.netty.channel.Channel;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;

/**
 * The connections of one listener.
 *
 * <p>At the limit, a new connection replaces the connection that has waited longest for its client: so a client that
 * holds unused connections does not block others. If all other connections are being answered, the new one is accepted
 * anyway, up to {@link #openMax}. Beyond that, no connection is accepted until one ends: new ones wait in the queue of
 * the operating system.
 *
 * <p>Each address has a lower limit. Connections beyond it are refused, so that other clients need not wait. All users
 * of the machine share the loopback addresses, so these have no separate limit. Thread-safe.
 */
final class Connections {

    private final ConnectionLimits limits;
    private final LongSupplier nanoTime;
    private final Map<ClientAddress, Set<Connection>> byAddress = new HashMap<>();
    private final Map<EndReason, Long> ended = new EnumMap<>(EndReason.class);

    /** The number of connections that are not being ended. */
    private int count;

    /** The number of connections with an open file, including those that are being ended. */
    private int open;

    private long refused;
    private Runnable whenRoom = () -> {};

    Connections(ConnectionLimits limits) {
        this(limits, System::nanoTime);
    }

    Connections(ConnectionLimits limits, LongSupplier nanoTime) {
        this.limits = limits;
        this.nanoTime = nanoTime;
    }

    /** Admits the connection, and adds a handler to its pipeline; returns false if its address is at its limit. */
    boolean admit(Channel channel) {
        var connection = new Connection(channel, ClientAddress.of(channel.remoteAddress()), nanoTime);
        if (!add(connection)) {
            return false;
        }
        channel.pipeline().addLast("connection", connection);
        channel.closeFuture().addListener(_ -> closed(connection));
        return true;
    }

    private synchronized boolean add(Connection connection) {
        var own = byAddress.getOrDefault(connection.address(), Set.of());
        if (!connection.address().isLoopback() && own.size() >= limits.perAddress() && !makeRoom(own)) {
            refused++;
            return false;
        }
        if (count >= limits.total()) {
            makeRoom(all());
        }
        byAddress.computeIfAbsent(connection.address(), _ -> new HashSet<>()).add(connection);
        count++;
        open++;
        return true;
    }

    private boolean makeRoom(Collection<Connection> connections) {
        var longest = connections.stream()
                .filter(Connection::waitsForClient)
                .min(Comparator.comparingLong(Connection::phaseSinceNanos));
        longest.ifPresent(connection -> end(connection, EndReason.ROOM_FOR_ANOTHER));
        return longest.isPresent();
    }

    private List<Connection> all() {
        var all = new ArrayList<Connection>(count);
        byAddress.values().forEach(all::addAll);
        return all;
    }

    private void end(Connection connection, EndReason reason) {
        ended.merge(reason, 1L, Long::sum);
        forget(connection);
        connection.end(reason);
    }

    private void forget(Connection connection) {
        var own = byAddress.get(connection.address());
        if (own != null && own.remove(connection)) {
            count--;
            if (own.isEmpty()) {
                byAddress.remove(connection.address());
            }
        }
    }

    private void closed(Connection connection) {
        Runnable accept;
        synchronized (this) {
            forget(connection);
            open--;
            accept = open < openMax() ? whenRoom : () -> {};
            whenRoom = open < openMax() ? () -> {} : whenRoom;
        }
        accept.run();
    }

    /** Returns the limit plus a quarter: connections that are being ended keep their files for a moment. */
    private int openMax() {
        return limits.total() + Math.max(1, limits.total() / 4);
    }

    /**
     * Returns whether no more connections may be opened now. If so, {@code hasRoom} is called once when that has
     * changed.
     */
    synchronized boolean isFull(Runnable hasRoom) {
        boolean isFull = open >= openMax();
        if (isFull) {
            whenRoom = hasRoom;
        }
        return isFull;
    }

    /** Ends the connections that have waited too long for their clients. Must be called each second. */
    synchronized void endOverdue() {
        long nowNanos = nanoTime.getAsLong();
        long unreadBytes = 0;
        List<Connection> all = all();
        for (var connection : all) {
            endIfOverdue(connection, nowNanos);
            unreadBytes += connection.unreadBytes();
        }
        if (unreadBytes > limits.unreadBytesMax()) {
            endLargest(all, unreadBytes);
        }
    }

    private void endIfOverdue(Connection connection, long nowNanos) {
        long waitedNanos = nowNanos - connection.phaseSinceNanos();
        if (nowNanos - connection.unreadSinceNanos(nowNanos)
                > limits.readTimeout().toNanos()) {
            end(connection, EndReason.UNREAD_ANSWER);
            return;
        }
        switch (connection.phase()) {
            case IDLE -> {
                if (waitedNanos > limits.idleTimeout().toNanos()) {
                    end(connection, EndReason.IDLE);
                }
            }
            case REQUEST -> {
                if (waitedNanos > limits.requestTimeout().toNanos()) {
                    end(connection, EndReason.SLOW_REQUEST);
                }
            }
            case ANSWER -> {} // The service must answer; the code that answers has its own limit.
        }
    }

    /** Ends the connections with the most unread bytes, which take memory of this process. */
    private void endLargest(List<Connection> all, long unreadBytes) {
        long left = unreadBytes;
        all.sort(Comparator.comparingLong(Connection::unreadBytes).reversed());
        for (var connection : all) {
            if (left <= limits.unreadBytesMax()) {
                return;
            }
            left -= connection.unreadBytes();
            end(connection, EndReason.UNREAD_ANSWER);
        }
    }

    synchronized int count() {
        return count;
    }

    /** Returns the number of connections refused since the start. */
    synchronized long refused() {
        return refused;
    }

    /** Returns the number of connections ended for this reason since the start. */
    synchronized long ended(EndReason reason) {
        return ended.getOrDefault(reason, 0L);
    }
}
