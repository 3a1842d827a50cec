package io.gpuctl.cli.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gpuctl.cli.CommandFailedException;
import io.gpuctl.events.NewerLogError;
import io.gpuctl.events.ReaderVersion;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ServiceStackTest {

    private final List<String> closed = new ArrayList<>();
    private final ServiceStack services = new ServiceStack();

    private record Part(String name, Optional<Throwable> failure, Runnable onClose) implements Service {
        @Override
        public void close() {
            onClose.run();
        }
    }

    private Part part(String name) {
        return new Part(name, Optional.empty(), () -> closed.add(name));
    }

    @Test
    void closesBackwardsAlsoBehindOneThatFails() {
        services.push(part("broker"));
        services.push(new Part("api", Optional.empty(), () -> {
            throw new IllegalStateException("stuck");
        }));
        services.push(part("simulator"));

        assertThatThrownBy(services::close).hasMessage("stuck");

        assertThat(closed).containsExactly("simulator", "broker");
    }

    @Test
    void namesThePartThatHasFailed() {
        services.push(part("broker"));
        services.push(new Part("orchestrator", Optional.of(new IllegalStateException("out of disk")), () -> {}));

        assertThatThrownBy(services::throwIfFailed)
                .isInstanceOf(CommandFailedException.class)
                .hasMessage("The orchestrator has failed: IllegalStateException: out of disk");
    }

    @Test
    void saysInASentenceThatTheLogNeedsANewerProgram() {
        var newer = new NewerLogError(new ReaderVersion(1_000));
        services.push(new Part("orchestrator", Optional.of(new IllegalStateException("wrapped", newer)), () -> {}));

        assertThatThrownBy(services::throwIfFailed)
                .isInstanceOf(CommandFailedException.class)
                .hasMessage("The orchestrator has stopped: " + newer.sentence());
    }
}
