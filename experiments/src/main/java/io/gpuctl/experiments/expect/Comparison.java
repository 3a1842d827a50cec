package io.gpuctl.experiments.expect;

import io.gpuctl.experiments.result.Metric;
import io.gpuctl.experiments.result.summary.Estimate;
import io.gpuctl.experiments.result.summary.RunGroup;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A published value beside the value of our run.
 *
 * @param policy our name of the policy
 */
public record Comparison(PublishedValue published, String policy, double ours, Verdict verdict) {
    /** The verdict on our value: whether it is near enough to the published one. */
    public enum Verdict {
        /**
         * Allocation at an arrived load, which depends on chance, is within the tolerance. A value of a whole run
         * agrees to every published digit.
         */
        MET,
        MISSED,
        /** Fragmentation is not judged: means of ten seeds differ by several points when hardly any GPU is idle. */
        NOT_JUDGED
    }

    /** Our policy names by the shorter names in publications. */
    private static final Map<String, String> SAME_POLICY = new TreeMap<>();

    static {
        SAME_POLICY.put("dotprod", "dotproduct");
        SAME_POLICY.put("tiresiasl", "tiresias");
    }

    /** Returns a comparison for each value that was both published and measured, in the order of the publication. */
    public static List<Comparison> of(List<PublishedValue> published, List<RunGroup> groups, double tolerance) {
        List<Comparison> comparisons = new ArrayList<>();
        for (PublishedValue value : published) {
            for (RunGroup group : groups) {
                Estimate ours = isOf(value, group) ? estimate(value, group) : null;
                if (ours != null) {
                    Verdict verdict = verdict(value, ours.mean(), tolerance);
                    comparisons.add(new Comparison(value, group.key().policy(), ours.mean(), verdict));
                }
            }
        }
        return comparisons;
    }

    private static boolean isOf(PublishedValue value, RunGroup group) {
        return value.workload().equals(group.key().workload())
                && plain(value.policy()).equals(plain(group.key().policy()));
    }

    private static String plain(String policy) {
        String letters = policy.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]", "");
        return SAME_POLICY.getOrDefault(letters, letters);
    }

    private static @Nullable Estimate estimate(PublishedValue value, RunGroup group) {
        Integer at = value.at();
        return group.of(value.metric()).get(at == null ? RunGroup.WHOLE_RUN : at);
    }

    private static Verdict verdict(PublishedValue value, double ours, double tolerance) {
        if (value.at() == null) {
            return rounded(ours, value.value()).compareTo(value.value()) == 0 ? Verdict.MET : Verdict.MISSED;
        }
        if (value.metric() != Metric.ALLOCATED) {
            return Verdict.NOT_JUDGED;
        }
        return Math.abs(ours - value.value().doubleValue()) <= tolerance ? Verdict.MET : Verdict.MISSED;
    }

    /** Returns our value with as many digits as were published. */
    public BigDecimal rounded() {
        return rounded(ours, published.value());
    }

    private static BigDecimal rounded(double ours, BigDecimal like) {
        return new BigDecimal(ours).setScale(like.scale(), RoundingMode.HALF_EVEN);
    }
}
