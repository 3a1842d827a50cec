package io.gpuctl.benchmarks;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.LongAdder;

/**
 * Reads the metrics pages of all nodes of a running API, as Prometheus does: in each round, reads each page once, and
 * spreads the reads over the round. Prints for each round the times of the scrapes, and the CPU time and memory of the
 * API's process, which must run on the same machine. Before the first round, prints the CPU time of a round without
 * reads, for comparison.
 *
 * <p>Arguments: the API's address, the id of its process, the number of rounds, and the length of a round in seconds.
 */
final class ScrapeLoad {
    private static final int OK = 200;

    /**
     * Index of the user time among the fields of {@code /proc/PID/stat} after the process name; the system time
     * follows.
     */
    private static final int USER_TIME = 11;

    /** Linux counts CPU time in hundredths of a second. */
    private static final double TICKS_PER_SECOND = 100;

    private final HttpClient client = HttpClient.newHttpClient();
    private final LongAdder bytes = new LongAdder();
    private final LongAdder failures = new LongAdder();

    private ScrapeLoad() {}

    public static void main(String[] arguments) throws IOException, InterruptedException {
        var load = new ScrapeLoad();
        load.run(
                arguments[0],
                Path.of("/proc", arguments[1]),
                Integer.parseInt(arguments[2]),
                Integer.parseInt(arguments[3]));
    }

    private void run(String api, Path process, int rounds, int seconds) throws IOException, InterruptedException {
        double before = cpuSeconds(process);
        Thread.sleep(Duration.ofSeconds(seconds));
        System.out.printf("nothing read: %.2f cores%n", (cpuSeconds(process) - before) / seconds);
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int round = 0; round < rounds; round++) {
                round(api, process, seconds, threads);
            }
        }
    }

    private void round(String api, Path process, int seconds, ExecutorService threads)
            throws IOException, InterruptedException {
        bytes.reset();
        failures.reset();
        JsonNode targets = new ObjectMapper()
                .readTree(get(URI.create(api + "/metrics/targets")).body());
        var took = new long[targets.size()];
        double before = cpuSeconds(process);
        long startNanos = System.nanoTime();
        long roundNanos = Duration.ofSeconds(seconds).toNanos();
        for (int i = 0; i < took.length; i++) {
            long dueNanos = startNanos + roundNanos * i / took.length;
            Thread.sleep(Duration.ofNanos(Math.max(0, dueNanos - System.nanoTime())));
            JsonNode target = targets.get(i);
            URI page = URI.create("http://%s%s"
                    .formatted(
                            target.at("/targets/0").asText(),
                            target.at("/labels/__metrics_path__").asText()));
            int number = i;
            var _ = threads.submit(() -> took[number] = scrapeNanos(page));
        }
        Thread.sleep(Duration.ofNanos(Math.max(0, startNanos + roundNanos - System.nanoTime())));
        double cores = (cpuSeconds(process) - before) / seconds;
        Arrays.sort(took);
        System.out.printf(
                "%d pages, %.1f MB, %d failed: p50 %.1f ms, p99 %.1f ms, max %.1f ms; %.2f cores, %d MB resident%n",
                took.length,
                bytes.sum() / 1e6,
                failures.sum(),
                took[took.length / 2] / 1e6,
                took[took.length * 99 / 100] / 1e6,
                took[took.length - 1] / 1e6,
                cores,
                residentMb(process));
    }

    private long scrapeNanos(URI page) throws InterruptedException {
        long startNanos = System.nanoTime();
        try {
            HttpResponse<byte[]> answer = get(page);
            bytes.add(answer.body().length);
            if (answer.statusCode() != OK) {
                failures.increment();
            }
        } catch (IOException _) {
            failures.increment();
        }
        return System.nanoTime() - startNanos;
    }

    private HttpResponse<byte[]> get(URI uri) throws IOException, InterruptedException {
        return client.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofByteArray());
    }

    private static double cpuSeconds(Path process) throws IOException {
        String stat = Files.readString(process.resolve("stat"));
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
        return (Long.parseLong(fields[USER_TIME]) + Long.parseLong(fields[USER_TIME + 1])) / TICKS_PER_SECOND;
    }

    private static long residentMb(Path process) throws IOException {
        try (var lines = Files.lines(process.resolve("status"))) {
            return lines.filter(line -> line.startsWith("VmRSS:"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) / 1_000)
                    .findFirst()
                    .orElse(0);
        }
    }
}
