package io.gpuctl.cli.bench.suite;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/**
 * The machine of a measurement. A text is {@value #UNKNOWN}, and a number 0, if the system does not tell it.
 *
 * @param cpu the model of the processors
 * @param processors as the JVM counts them
 */
record Machine(String cpu, int processors, long memoryMib, String kernel, String jvm) {
    private static final String UNKNOWN = "unknown";

    static Machine current() {
        return new Machine(
                value("/proc/cpuinfo", "model name"),
                Runtime.getRuntime().availableProcessors(),
                mib(value("/proc/meminfo", "MemTotal")),
                System.getProperty("os.name") + " " + System.getProperty("os.version"),
                System.getProperty("java.vm.name") + " " + System.getProperty("java.vm.version"));
    }

    /** Returns the resident memory of a process, MiB. */
    static int residentMib(long pid) {
        return (int) mib(value("/proc/%d/status".formatted(pid), "VmRSS"));
    }

    /** {@code text}: such as "16384 kB". */
    private static long mib(String text) {
        return text.endsWith(" kB") ? Long.parseLong(text.substring(0, text.length() - 3)) >> 10 : 0;
    }

    private static String value(String file, String name) {
        try (Stream<String> lines = Files.lines(Path.of(file), StandardCharsets.UTF_8)) {
            return lines.filter(line -> line.startsWith(name))
                    .findFirst()
                    .map(line -> line.substring(line.indexOf(':') + 1).strip())
                    .orElse(UNKNOWN);
        } catch (IOException e) {
            return UNKNOWN; // Only Linux has these files.
        }
    }
}
