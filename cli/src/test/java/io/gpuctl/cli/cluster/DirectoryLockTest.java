package io.gpuctl.cli.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gpuctl.cli.CommandFailedException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DirectoryLockTest {

    @TempDir
    private Path directory;

    @Test
    void saysWhoHasTheDirectory() {
        try (var _ = DirectoryLock.take(directory, "--data")) {
            assertThatThrownBy(() -> DirectoryLock.take(directory, "--data"))
                    .isInstanceOf(CommandFailedException.class)
                    .hasMessageContaining("(process " + ProcessHandle.current().pid() + ")")
                    .hasMessageContaining("--data");
        }
    }

    @Test
    void isFreeAgainAfterClose() {
        DirectoryLock.take(directory, "--data").close();

        assertThatCode(() -> DirectoryLock.take(directory, "--data").close()).doesNotThrowAnyException();
    }

    @Test
    void doesNotWriteThroughALink() throws Exception {
        Path elsewhere = Files.writeString(directory.resolve("elsewhere"), "precious");
        Files.createSymbolicLink(directory.resolve("gpuctl.lock"), elsewhere);

        assertThatThrownBy(() -> DirectoryLock.take(directory, "--data"))
                .isInstanceOf(CommandFailedException.class)
                .hasMessageContaining("gpuctl.lock is a link, or not a lock file of gpuctl");
        assertThat(elsewhere).hasContent("precious");
    }

    @Test
    void doesNotOverwriteWhatIsNoLock() throws Exception {
        Path elsewhere = Files.writeString(directory.resolve("elsewhere"), "precious");
        Files.createLink(directory.resolve("gpuctl.lock"), elsewhere);

        assertThatThrownBy(() -> DirectoryLock.take(directory, "--data")).isInstanceOf(CommandFailedException.class);
        assertThat(elsewhere).hasContent("precious");
    }

    @Test
    void takesWhatACrashLeft() throws Exception {
        Files.writeString(directory.resolve("gpuctl.lock"), "4711");

        assertThatCode(() -> DirectoryLock.take(directory, "--data").close()).doesNotThrowAnyException();
    }

    @Test
    void aTakenPortNamesTheOptionThatChoosesAnother() throws Exception {
        try (var taken = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
            assertThatThrownBy(() -> Ports.checkFree("127.0.0.1", taken.getLocalPort(), "--port"))
                    .isInstanceOf(CommandFailedException.class)
                    .hasMessageContaining("Port " + taken.getLocalPort())
                    .hasMessageContaining("--port");
        }
    }
}
