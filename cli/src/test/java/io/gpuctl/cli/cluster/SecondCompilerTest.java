package io.gpuctl.cli.cluster;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** A JVM of its own, so that the tests that follow keep their compiler. */
class SecondCompilerTest {
    /** The 19th field of {@code /proc/PID/task/TID/stat}, counted from after the name, which is the second. */
    private static final int NICENESS_AFTER_NAME = 16;

    @Test
    @EnabledOnOs(OS.LINUX)
    void givesWayAndNothingElseDoes() throws Exception {
        List<String> printed = run("-XX:TieredStopAtLevel=4", "-XX:-UseDynamicNumberOfCompilerThreads");

        assertThat(printed).first().isEqualTo("true");
        assertThat(printed.subList(1, printed.size())).isNotEmpty().allMatch(name -> name.startsWith("C2 "));
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void saysThatThereIsNone() throws Exception {
        assertThat(run("-XX:TieredStopAtLevel=1")).containsExactly("false");
    }

    private static List<String> run(String... options) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("--enable-native-access=ALL-UNNAMED");
        command.addAll(List.of(options));
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), Program.class.getName()));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String printed = new String(process.getInputStream().readAllBytes(), UTF_8);
        assertThat(process.waitFor()).as(printed).isZero();
        return printed.lines().toList();
    }

    /** Prints the result, and the names of all threads that are nicer than the first. */
    static final class Program {
        private Program() {}

        public static void main(String... args) throws IOException {
            System.out.println(SecondCompiler.giveWay());
            int usual = niceness(Path.of("/proc/self"));
            try (Stream<Path> threads = Files.list(Path.of("/proc/self/task"))) {
                for (Path thread : threads.toList()) {
                    if (niceness(thread) > usual) {
                        System.out.println(
                                Files.readString(thread.resolve("comm")).strip());
                    }
                }
            }
        }

        private static int niceness(Path thread) throws IOException {
            String stat = Files.readString(thread.resolve("stat"));
            return Integer.parseInt(stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1)[NICENESS_AFTER_NAME]);
        }
    }
}
