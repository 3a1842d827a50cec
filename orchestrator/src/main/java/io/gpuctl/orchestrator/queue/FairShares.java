package io.gpuctl.orchestrator.queue;

import io.gpuctl.events.QueueName;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Divides one resource among the queues of one parent. Each queue first gets its quota, as far as it asks for that
 * much. The surplus goes to the queues that still ask for more: to those of the highest priority first, in proportion
 * to their weights. A queue that has recently used more than its part of the surplus gets less, and one that has used
 * less gets more, by the rule of KAI-Scheduler's time-based fair share.
 */
public final class FairShares {
    private FairShares() {}

    /**
     * What a queue may ask of its parent.
     *
     * @param demand what its tasks hold and wait for, at most its limit
     * @param weight as in {@link io.gpuctl.events.QueueSpec#weight()}
     * @param usedPart what the queue has recently used, as a part of what there was; see {@link DecayedUsage}
     */
    public record Claim(QueueName queue, long quota, long demand, int weight, int priority, double usedPart) {}

    /**
     * Returns the share of each claim. Shares are whole; the rest that rounding down leaves goes one by one to the
     * largest fractions, and then by name.
     *
     * @param supply what the parent has
     * @param history how much past use counts; 0 for not at all
     */
    public static long[] divide(long supply, List<Claim> claims, double history) {
        double[] shares = new double[claims.size()];
        double left = supply;
        for (int queue = 0; queue < shares.length; queue++) {
            Claim claim = claims.get(queue);
            shares[queue] = Math.min(claim.quota(), claim.demand());
            left -= shares[queue];
        }
        if (left < 0) {
            double quotas = supply - left;
            for (int queue = 0; queue < shares.length; queue++) {
                shares[queue] *= supply / quotas;
            }
            return whole(shares, supply, claims);
        }
        int[] priorities =
                claims.stream().mapToInt(Claim::priority).distinct().sorted().toArray();
        for (int next = priorities.length - 1; next >= 0; next--) {
            left = divideRest(left, priorities[next], claims, history, shares);
        }
        return whole(shares, Math.round(supply - left), claims);
    }

    /** Divides what is left among the queues of one priority, and returns what is left then. */
    private static double divideRest(double rest, int priority, List<Claim> claims, double history, double[] shares) {
        double left = rest;
        while (left > 0) {
            int[] asking = IntStream.range(0, shares.length)
                    .filter(queue -> isAsking(claims.get(queue), priority, shares[queue]))
                    .toArray();
            if (asking.length == 0) {
                return left;
            }
            double[] parts = parts(asking, claims, history);
            double given = 0;
            boolean isAnySatisfied = false;
            for (int index = 0; index < asking.length; index++) {
                int queue = asking[index];
                long demand = claims.get(queue).demand();
                double missing = demand - shares[queue];
                double part = left * parts[index];
                if (part >= missing) {
                    isAnySatisfied = true;
                    shares[queue] = demand;
                    given += missing;
                } else {
                    shares[queue] += part;
                    given += part;
                }
            }
            if (!isAnySatisfied) {
                return 0; // All of it was given: what a subtraction would leave is an error of rounding.
            }
            left -= given;
        }
        return Math.max(0, left);
    }

    private static boolean isAsking(Claim claim, int priority, double share) {
        return claim.priority() == priority && claim.weight() > 0 && share < claim.demand();
    }

    /** Returns which part of what is left each of the queues gets, in all 1. */
    private static double[] parts(int[] asking, List<Claim> claims, double history) {
        double weights = Arrays.stream(asking)
                .mapToDouble(queue -> claims.get(queue).weight())
                .sum();
        double[] normal = Arrays.stream(asking)
                .mapToDouble(queue -> claims.get(queue).weight() / weights)
                .toArray();
        double[] corrected = new double[asking.length];
        double sum = 0;
        for (int index = 0; index < asking.length; index++) {
            double unused = normal[index] - claims.get(asking[index]).usedPart();
            corrected[index] = Math.max(0, normal[index] + history * unused);
            sum += corrected[index];
        }
        if (sum == 0) {
            return normal;
        }
        for (int index = 0; index < corrected.length; index++) {
            corrected[index] /= sum;
        }
        return corrected;
    }

    /** Returns what rounding down leaves, in millionths: finer differences are errors of the division. */
    private static long fraction(double share) {
        return Math.round((share - Math.floor(share)) * 1e6);
    }

    /** Rounds the shares, so that their sum is {@code sum}. */
    private static long[] whole(double[] shares, long sum, List<Claim> claims) {
        long[] rounded = new long[shares.length];
        for (int queue = 0; queue < shares.length; queue++) {
            rounded[queue] = (long) Math.floor(shares[queue]);
        }
        long left = sum - Arrays.stream(rounded).sum();
        IntStream.range(0, shares.length)
                .boxed()
                .sorted(Comparator.<Integer>comparingLong(queue -> -fraction(shares[queue]))
                        .thenComparing(queue -> claims.get(queue).queue()))
                .limit(Math.max(0, left))
                .forEach(queue -> rounded[queue]++);
        return rounded;
    }
}
