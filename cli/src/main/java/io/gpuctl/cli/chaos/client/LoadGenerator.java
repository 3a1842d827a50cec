package io.gpuctl.cli.chaos.client;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.PriorityQueue;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Submits and cancels tasks at a steady rate through all APIs of a cluster, whatever happens to it. One thread sends;
 * answers arrive on the client's threads. At most {@value #IN_FLIGHT_MAX} requests wait for their answers: beyond that,
 * the generator skips requests and does not make up for them later.
 */
public final class LoadGenerator implements AutoCloseable {
    private static final int IN_FLIGHT_MAX = 200;
    private static final int RECENT_MAX = 500;
    private static final int RETRIES_MAX = 5;
    private static final int RETRIES_WAITING_MAX = 2_000;
    private static final Duration ANSWER_TIMEOUT = Duration.ofSeconds(12);
    private static final Duration RETRY_DELAY = Duration.ofSeconds(2);

    /** A repetition of a claim without a clear answer, as a careful client would send. */
    private record Retry(long dueNanos, Claim claim, int number) {}

    private final List<URI> apis;
    private final Ledger ledger;
    private final SplittableRandom random;
    private final Bodies bodies;
    private final long periodNanos;
    private final String prefix;
    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(5))
            .build();
    private final AtomicInteger inFlight = new AtomicInteger();
    private final List<Claim> recent = new ArrayList<>();
    private final PriorityQueue<Retry> retries =
            new PriorityQueue<>((a, b) -> Long.compare(a.dueNanos(), b.dueNanos()));
    private final Thread thread;
    private volatile boolean isStopping;
    private int number;

    /** Starts at once. {@code ratePerSecond}: the rate of all requests together. */
    public LoadGenerator(List<URI> apis, Ledger ledger, long seed, int ratePerSecond) {
        this.apis = apis;
        this.ledger = ledger;
        this.random = new SplittableRandom(seed);
        this.bodies = new Bodies(random.split());
        this.periodNanos = TimeUnit.SECONDS.toNanos(1) / ratePerSecond;
        this.prefix = "c%x-".formatted(seed);
        thread = Thread.ofPlatform().name("gpuctl-chaos-load").daemon().start(this::run);
    }

    private void run() {
        long due = System.nanoTime();
        while (!isStopping) {
            due = Math.max(due + periodNanos, System.nanoTime() - periodNanos);
            for (long wait = due - System.nanoTime(); wait > 0 && !isStopping; wait = due - System.nanoTime()) {
                LockSupport.parkNanos(wait);
            }
            if (inFlight.get() < IN_FLIGHT_MAX && !retryOne()) {
                act();
            }
        }
    }

    private void act() {
        int draw = random.nextInt(100);
        if (draw < 55 || recent.isEmpty()) {
            submit(newClaim());
        } else if (draw < 65) {
            keyed(draw % 2 == 0);
        } else if (draw < 73) {
            submit(anyRecent());
        } else if (draw < 77) {
            compete(anyRecent());
        } else if (draw < 82) {
            String name = nextName();
            submit(add(new Claim(name, name, bodies.illegal(name, name))));
        } else if (draw < 90) {
            cancel(anyRecent());
        } else if (draw < 94) {
            // Send to both APIs at the same time: the log decides, and both must give the same answer.
            Claim claim = newClaim();
            apis.forEach(api -> submit(claim, api, 0));
        } else if (draw < 95) {
            Claim claim = newClaim();
            submit(claim);
            compete(claim);
        } else {
            read(anyRecent());
        }
    }

    private String nextName() {
        return prefix + ++number;
    }

    private Claim newClaim() {
        String name = nextName();
        return remember(add(new Claim(name, name, bodies.legal(name, name))));
    }

    private Claim add(Claim claim) {
        ledger.add(claim);
        return claim;
    }

    private Claim remember(Claim claim) {
        if (recent.size() < RECENT_MAX) {
            recent.add(claim);
        } else {
            recent.set(random.nextInt(RECENT_MAX), claim);
        }
        return claim;
    }

    private Claim anyRecent() {
        return recent.get(random.nextInt(recent.size()));
    }

    /** Submits another task with the id of a claim: only one of the two may become a task. */
    private void compete(Claim claim) {
        if (claim.taskId != null) {
            String name = nextName();
            submit(add(new Claim(name, claim.taskId, bodies.legal(name, claim.taskId))));
        }
    }

    private void keyed(boolean twice) {
        String name = nextName();
        Claim claim = add(new Claim(name, null, bodies.legal(name, null)));
        submit(claim);
        if (twice) {
            submit(claim);
        }
    }

    private void submit(Claim claim) {
        submit(claim, anyApi(), 0);
    }

    private URI anyApi() {
        return apis.get(random.nextInt(apis.size()));
    }

    private void submit(Claim claim, URI api, int retry) {
        claim.asked();
        String key = claim.taskId == null ? claim.user : null;
        HttpRequest.Builder request = HttpRequest.newBuilder(api.resolve("/tasks"))
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(claim.body.json()));
        if (key != null) {
            request.header("Idempotency-Key", key);
        }
        long numberInLedger = ledger.before("POST", api.resolve("/tasks"), key, claim.body.json());
        send(claim.body.isLegal() ? "submit" : "submit-illegal", api, numberInLedger, request, status -> {
            claim.answered(status);
            boolean isUnclear = status == Claim.NO_ANSWER || status >= 500;
            if (isUnclear && status != 503 && status != Claim.NO_ANSWER) {
                ledger.broken("answered with %d: %s".formatted(status, claim));
            }
            if (isUnclear && retry < RETRIES_MAX) {
                retryLater(new Retry(System.nanoTime() + RETRY_DELAY.toNanos(), claim, retry + 1));
            }
        });
    }

    private void retryLater(Retry retry) {
        synchronized (retries) {
            if (retries.size() < RETRIES_WAITING_MAX) {
                retries.add(retry);
            }
        }
    }

    private boolean retryOne() {
        @Nullable Retry retry;
        synchronized (retries) {
            retry = retries.peek();
            if (retry == null || retry.dueNanos() > System.nanoTime()) {
                return false;
            }
            retries.remove();
        }
        submit(retry.claim(), anyApi(), retry.number());
        return true;
    }

    private void cancel(Claim claim) {
        URI api = anyApi();
        URI target = api.resolve("/tasks/" + claim.taskId);
        send(
                "cancel",
                api,
                ledger.before("DELETE", target, null, null),
                HttpRequest.newBuilder(target).DELETE(),
                status -> {
                    if (status >= 500 && status != 503) {
                        ledger.broken("cancel answered with %d: %s".formatted(status, claim));
                    }
                });
    }

    /** Checks that an acknowledged task exists on whichever API is asked. */
    private void read(Claim claim) {
        boolean mustBeThere = claim.isAcknowledged();
        URI api = anyApi();
        URI target = api.resolve("/tasks/" + claim.taskId);
        send(
                "read",
                api,
                ledger.before("GET", target, null, null),
                HttpRequest.newBuilder(target).GET(),
                status -> {
                    if (mustBeThere && status == 404) {
                        ledger.broken(
                                "acknowledged, but then GET %s was answered with 404: %s".formatted(target, claim));
                    }
                });
    }

    private void send(String kind, URI api, long request, HttpRequest.Builder builder, IntConsumer then) {
        inFlight.incrementAndGet();
        long sentAtMs = System.currentTimeMillis();
        long sentNanos = System.nanoTime();
        var _ = http.sendAsync(builder.timeout(ANSWER_TIMEOUT).build(), BodyHandlers.ofString())
                .whenComplete((response, failure) -> {
                    int status = response == null ? Claim.NO_ANSWER : response.statusCode();
                    ledger.after(
                            request,
                            kind,
                            status,
                            response == null ? String.valueOf(failure) : shortened(response.body()));
                    ledger.timeline().add(api, sentAtMs, millisSince(sentNanos), status);
                    then.accept(status);
                    inFlight.decrementAndGet();
                });
    }

    private static long millisSince(long nanos) {
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - nanos);
    }

    private static String shortened(String text) {
        return text.length() <= 300 ? text : text.substring(0, 300);
    }

    /** Stops sending, and waits for outstanding answers. */
    public void stop() throws InterruptedException {
        isStopping = true;
        thread.join();
        long endNanos = System.nanoTime() + 2 * ANSWER_TIMEOUT.toNanos();
        while (inFlight.get() > 0 && System.nanoTime() < endNanos) {
            Thread.sleep(20);
        }
    }

    @Override
    public void close() {
        isStopping = true;
        http.shutdownNow();
    }
}
