package io.gpuctl.api.access;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class AllowedHostsTest {

    private final AllowedHosts hosts = new AllowedHosts(List.of("0.0.0.0", "Gpu.Example", "[fd00::7]", "10.0.0.7", ""));

    private boolean allows(String hostHeader) {
        return AllowedHosts.nameIn(hostHeader)
                .filter(name -> hosts.allows(name, "10.0.0.8"))
                .isPresent();
    }

    @Test
    void allowsLoopbackConfiguredNamesAndTheAddressThatWasReached() {
        assertThat(List.of(
                        "localhost",
                        "127.0.0.1:8080",
                        "[::1]:8080",
                        "gpu.example:443",
                        "GPU.EXAMPLE",
                        "[FD00::7]",
                        "10.0.0.7",
                        "10.0.0.8:8080"))
                .allMatch(this::allows);
    }

    @Test
    void allowsNothingElse() {
        assertThat(List.of(
                        "evil.example",
                        "gpu.example.evil.example",
                        "localhost.evil.example",
                        "127.0.0.1.evil.example",
                        "127.evil.example",
                        "0.0.0.0",
                        "0.0.0.0:8080",
                        "10.0.0.9",
                        "[::]",
                        "",
                        ":8080",
                        "localhost:port",
                        "localhost:8080:1",
                        "user@localhost",
                        "localhost/evil",
                        "local host"))
                .noneMatch(this::allows);
    }
}
