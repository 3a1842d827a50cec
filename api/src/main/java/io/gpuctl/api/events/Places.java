package io.gpuctl.api.events;

import io.gpuctl.api.connections.ClientAddress;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedSet;

/**
 * The places of the clients that follow the events. A new client of an address at its limit gets the oldest place of
 * this address. If all places are taken, the client gets the oldest place of the address that has the most. So a client
 * that only holds places does not block others. A displaced client can reconnect with the last id that it saw.
 * Thread-safe.
 */
final class Places {

    /** A taken place. */
    static final class Place {
        private final ClientAddress address;
        private final Runnable displace;

        private Place(ClientAddress address, Runnable displace) {
            this.address = address;
            this.displace = displace;
        }
    }

    private final int max;
    private final int perAddressMax;
    private final Map<ClientAddress, SequencedSet<Place>> byAddress = new HashMap<>();
    private int taken;

    Places(int max, int perAddressMax) {
        this.max = max;
        this.perAddressMax = perAddressMax;
    }

    /**
     * Takes a place.
     *
     * @param displace called at most once when another client gets the place, on the thread of that client
     */
    Place take(ClientAddress address, Runnable displace) {
        var place = new Place(address, displace);
        displaced(place).ifPresent(displaced -> displaced.displace.run());
        return place;
    }

    private synchronized Optional<Place> displaced(Place place) {
        Optional<Place> displaced = Optional.empty();
        var own = byAddress.get(place.address);
        if (own != null && own.size() >= perAddressMax) {
            displaced = Optional.of(own.getFirst());
        } else if (taken >= max) {
            displaced = byAddress.values().stream()
                    .max(Comparator.comparingInt(SequencedSet::size))
                    .map(SequencedSet::getFirst);
        }
        displaced.ifPresent(this::giveBack);
        byAddress.computeIfAbsent(place.address, _ -> new LinkedHashSet<>()).add(place);
        taken++;
        return displaced;
    }

    /** Gives the place back; does nothing if another client has got it. */
    synchronized void giveBack(Place place) {
        var own = byAddress.get(place.address);
        if (own != null && own.remove(place)) {
            taken--;
            if (own.isEmpty()) {
                byAddress.remove(place.address);
            }
        }
    }

    synchronized int taken() {
        return taken;
    }
}
