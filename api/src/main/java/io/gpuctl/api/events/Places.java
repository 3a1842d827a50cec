package io.gpuctl.api.events;

import io.gpuctl.api.connections.ClientAddress;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedSet;

/**
 * The places of those who follow the events. When all are taken a newcomer gets the oldest place of its own address, if
 * that has as many as one address may, or else of the address that has most: so nobody who only holds places keeps
 * others away. Who had the place can come back with the last id that it saw. Thread-safe.
 */
final class Places {

    /** A place that is taken. */
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
     * @param displace what to do when somebody else gets it; called once at most, on the newcomer's thread
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

    /** Gives it back; nothing happens if somebody else has got it. */
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
