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
 * The connections of all listeners of this process.
 *
 * <p>At the limit a new connection gets the place of the one, of the same address or of all, whose client we have waited
 * for longest: so whoever holds connections without using them gets in nobody's way. It is refused only if all others
 * are being answered. Thread-safe.
 */
final class Connections {

    private final ConnectionLimits limits;
    private final LongSupplier nanoTime;
    private final Map<ClientAddress, Set<Connection>> byAddress = new HashMap<>();
    private final Map<EndReason, Long> ended = new EnumMap<>(EndReason.class);
    private int count;
    private long refused;

    Connections(ConnectionLimits limits) {
        this(limits, System::nanoTime);
    }

    Connections(ConnectionLimits limits, LongSupplier nanoTime) {
        this.limits = limits;
        this.nanoTime = nanoTime;
    }

    /** Takes the connection, with a handler in its pipeline; false if there is no room for it. */
    boolean admit(Channel channel) {
        var connection = new Connection(channel, ClientAddress.of(channel.remoteAddress()), nanoTime);
        if (!add(connection)) {
            return false;
        }
        channel.pipeline().addLast("connection", connection);
        channel.closeFuture().addListener(_ -> remove(connection));
        return true;
    }

    private synchronized boolean add(Connection connection) {
        var ofAddress = byAddress.computeIfAbsent(connection.address(), _ -> new HashSet<>());
        boolean hasRoom =
                hasRoom(ofAddress, ofAddress.size(), limits.perAddress()) && hasRoom(all(), count, limits.total());
        if (hasRoom) {
            ofAddress.add(connection);
            count++;
        } else {
            refused++;
            forgetIfEmpty(connection.address(), ofAddress);
        }
        return hasRoom;
    }

    /** What is being ended still has its file, for a moment: a quarter more than the limit may be open so. */
    private boolean hasRoom(Collection<Connection> connections, int size, int max) {
        if (size < max) {
            return true;
        }
        return size < max + Math.max(1, max / 4)
                && connections.stream()
                        .filter(Connection::waitsForClient)
                        .min(Comparator.comparingLong(Connection::phaseSinceNanos))
                        .map(longest -> end(longest, EndReason.ROOM_FOR_ANOTHER))
                        .isPresent();
    }

    private List<Connection> all() {
        var all = new ArrayList<Connection>(count);
        byAddress.values().forEach(all::addAll);
        return all;
    }

    private Connection end(Connection connection, EndReason reason) {
        ended.merge(reason, 1L, Long::sum);
        connection.end(reason);
        return connection;
    }

    private synchronized void remove(Connection connection) {
        var ofAddress = byAddress.get(connection.address());
        if (ofAddress != null && ofAddress.remove(connection)) {
            count--;
            forgetIfEmpty(connection.address(), ofAddress);
        }
    }

    private void forgetIfEmpty(ClientAddress address, Set<Connection> ofAddress) {
        if (ofAddress.isEmpty()) {
            byAddress.remove(address);
        }
    }

    /** Ends the connections whose clients have let us wait for too long. To be called each second. */
    synchronized void endOverdue() {
        long nowNanos = nanoTime.getAsLong();
        long unreadBytes = 0;
        var all = all();
        for (var connection : all) {
            if (!connection.isEnding()) {
                endIfOverdue(connection, nowNanos);
                unreadBytes += connection.unreadBytes();
            }
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
            case ANSWER -> {} // Ours to do, and limited where it is done.
        }
    }

    /** All that waits for clients is memory of ours. */
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

    /** How many were refused since the start. */
    synchronized long refused() {
        return refused;
    }

    /** How many were ended for this reason since the start. */
    synchronized long ended(EndReason reason) {
        return ended.getOrDefault(reason, 0L);
    }

    ConnectionLimits limits() {
        return limits;
    }
}
