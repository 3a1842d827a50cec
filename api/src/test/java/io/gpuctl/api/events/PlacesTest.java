package io.gpuctl.api.events;

import static org.assertj.core.api.Assertions.assertThat;

import io.gpuctl.api.connections.ClientAddress;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Four places, three for one address. */
class PlacesTest {

    private final Places places = new Places(4, 3);
    private final List<String> displaced = new ArrayList<>();

    private Places.Place take(String address, String name) {
        return places.take(new ClientAddress(address), () -> displaced.add(name));
    }

    @Test
    void anAddressThatHasAllItMayHaveLosesItsOldestPlace() {
        for (String name : List.of("a1", "a2", "a3", "a4")) {
            take("a", name);
        }
        assertThat(displaced).containsExactly("a1");
        assertThat(places.taken()).isEqualTo(3);
    }

    @Test
    void whenAllAreTakenTheAddressWithMostLosesOne() {
        take("b", "b1");
        for (String name : List.of("a1", "a2", "a3")) {
            take("a", name);
        }
        take("c", "c1");
        assertThat(displaced).containsExactly("a1");
        assertThat(places.taken()).isEqualTo(4);
    }

    @Test
    void aPlaceThatIsGivenBackIsFree() {
        var first = take("a", "a1");
        take("a", "a2");
        take("a", "a3");
        places.giveBack(first);
        places.giveBack(first);
        take("a", "a4");
        assertThat(displaced).isEmpty();
        assertThat(places.taken()).isEqualTo(3);
    }
}
