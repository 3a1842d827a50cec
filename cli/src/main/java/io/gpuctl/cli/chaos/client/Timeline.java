package io.gpuctl.cli.chaos.client;

import java.net.URI;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Records what users of each API saw in each second: a request counts in the second in which it was sent. Thread-safe.
 *
 * <p>A second is a whole number of seconds since 1970, by the clock of this machine.
 */
public final class Timeline {
    private static final String HEADER = "time,api,answered,refused,unanswered,latency_ms_median,latency_ms_max";
    private static final int REFUSED = 503;

    private final SortedMap<Long, SortedMap<URI, Second>> seconds = new TreeMap<>();

    /**
     * The results of one API in one second. Latencies are in milliseconds, for requests that were answered or refused.
     */
    private static final class Second {
        private int answered;
        private int refused;
        private int unanswered;
        private final List<Long> latenciesMs = new ArrayList<>();

        void add(int status, long latencyMs) {
            if (status == Claim.NO_ANSWER) {
                unanswered++;
                return;
            }
            if (status == REFUSED) {
                refused++;
            } else {
                answered++;
            }
            latenciesMs.add(latencyMs);
        }
    }

    /**
     * The results of a span of seconds.
     *
     * @param answered requests with an answer, including answers that refused the request's content
     * @param refused requests that were answered with 503
     * @param unanswered requests without an answer: the connection was refused, broke, or stayed silent
     * @param longestOutage the longest run of seconds with requests, but without any answer
     */
    public record Span(long answered, long refused, long unanswered, long longestOutage) {
        @Override
        public String toString() {
            return "%d answered, %d refused, %d without an answer, none answered for %d s"
                    .formatted(answered, refused, unanswered, longestOutage);
        }
    }

    /** Returns the current second. */
    public static long now() {
        return Instant.now().getEpochSecond();
    }

    synchronized void add(URI api, long sentAtMs, long latencyMs, int status) {
        seconds.computeIfAbsent(sentAtMs / 1000, _ -> new TreeMap<>())
                .computeIfAbsent(api, _ -> new Second())
                .add(status, latencyMs);
    }

    /** Returns what users of one API saw, from the first to the last second, inclusive. */
    public Span of(URI api, long first, long last) {
        return span(List.of(api), first, last);
    }

    /** Returns what users of all APIs saw, from the first request on; an outage is one of all APIs. */
    public synchronized Span ofAll() {
        List<URI> apis = seconds.values().stream()
                .flatMap(second -> second.keySet().stream())
                .distinct()
                .toList();
        return span(apis, Long.MIN_VALUE, Long.MAX_VALUE - 1);
    }

    private synchronized Span span(List<URI> apis, long first, long last) {
        long answered = 0;
        long refused = 0;
        long unanswered = 0;
        long outage = 0;
        long longest = 0;
        for (Map<URI, Second> second : seconds.subMap(first, last + 1).values()) {
            List<Second> of =
                    apis.stream().filter(second::containsKey).map(second::get).toList();
            long answeredNow = of.stream().mapToLong(each -> each.answered).sum();
            answered += answeredNow;
            refused += of.stream().mapToLong(each -> each.refused).sum();
            unanswered += of.stream().mapToLong(each -> each.unanswered).sum();
            outage = of.isEmpty() || answeredNow > 0 ? 0 : outage + 1;
            longest = Math.max(longest, outage);
        }
        return new Span(answered, refused, unanswered, longest);
    }

    /** Returns CSV: a header, then a line for each second and API with requests. */
    public synchronized List<String> csv() {
        List<String> lines = new ArrayList<>(List.of(HEADER));
        seconds.forEach((second, apis) -> apis.forEach((api, of) -> lines.add(line(second, api, of))));
        return lines;
    }

    private static String line(long second, URI api, Second of) {
        List<Long> sorted = of.latenciesMs.stream().sorted().toList();
        return String.format(
                Locale.ROOT,
                "%s,%s,%d,%d,%d,%s,%s",
                Instant.ofEpochSecond(second),
                api,
                of.answered,
                of.refused,
                of.unanswered,
                sorted.isEmpty() ? "" : sorted.get(sorted.size() / 2),
                sorted.isEmpty() ? "" : Collections.max(sorted));
    }
}
