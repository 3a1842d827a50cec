package io.gpuctl.orchestrator.queue;

import static org.assertj.core.api.Assertions.assertThat;

import io.gpuctl.events.QueueName;
import io.gpuctl.orchestrator.queue.FairShares.Claim;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The examples Q1 to Q4 of the rules, in thousandths of a GPU, and what holds for all divisions. */
class FairSharesTest {
    private static final int SEEDS = 20_000;

    private static Claim claim(String queue, long quota, int weight, long demand) {
        return new Claim(new QueueName(queue), quota, demand, weight, 0, 0);
    }

    private static Claim used(String queue, long demand, double used) {
        return new Claim(new QueueName(queue), 0, demand, 1, 0, used);
    }

    @Test
    void q1DividesTheRestByWeight() {
        long[] shares = FairShares.divide(
                10_000, List.of(claim("a", 4_000, 1, 8_000), claim("b", 2_000, 2, 8_000), claim("c", 0, 1, 8_000)), 0);

        assertThat(shares).containsExactly(5_000, 4_000, 1_000);
    }

    @Test
    void q2DividesAgainWhatASatisfiedQueueLeaves() {
        long[] shares = FairShares.divide(
                10_000, List.of(claim("a", 4_000, 1, 8_000), claim("b", 2_000, 2, 3_000), claim("c", 0, 1, 8_000)), 0);

        assertThat(shares).containsExactly(5_500, 3_000, 1_500);
    }

    @Test
    void q3GivesLessToAQueueThatHasUsedMore() {
        long[] shares = FairShares.divide(16_000, List.of(used("a", 16_000, 0.5), used("b", 16_000, 0.1)), 1);

        assertThat(shares).containsExactly(5_714, 10_286);
    }

    @Test
    void q4ReducesQuotasThatAreMoreThanThereIs() {
        assertThat(FairShares.divide(6_000, List.of(claim("a", 4_000, 1, 8_000), claim("b", 4_000, 1, 8_000)), 0))
                .containsExactly(3_000, 3_000);
        assertThat(FairShares.divide(6_000, List.of(claim("a", 4_000, 1, 1_000), claim("b", 4_000, 1, 8_000)), 0))
                .containsExactly(1_000, 5_000);
    }

    @Test
    void givesTheRestToTheHighestPriorityFirst() {
        var first = new Claim(new QueueName("first"), 0, 6_000, 1, 5, 0);
        var second = new Claim(new QueueName("second"), 1_000, 8_000, 9, 0, 0);

        assertThat(FairShares.divide(10_000, List.of(second, first), 0)).containsExactly(4_000, 6_000);
    }

    @Test
    void givesAQueueWithoutWeightItsQuotaOnly() {
        assertThat(FairShares.divide(10_000, List.of(claim("a", 2_000, 0, 8_000), claim("b", 0, 1, 3_000)), 0))
                .containsExactly(2_000, 3_000);
    }

    @Test
    void dividesByWeightIfAllHaveUsedTooMuch() {
        assertThat(FairShares.divide(8_000, List.of(used("a", 8_000, 1), used("b", 8_000, 1)), 1))
                .containsExactly(4_000, 4_000);
    }

    @Test
    void givesTheRemainderToTheLargestFractionAndThenByName() {
        assertThat(FairShares.divide(8, List.of(claim("c", 0, 1, 9), claim("a", 0, 1, 9), claim("b", 0, 1, 9)), 0))
                .containsExactly(2, 3, 3);
        assertThat(FairShares.divide(2, List.of(claim("a", 0, 1, 9), claim("b", 0, 3, 9)), 0))
                .containsExactly(1, 1);
        assertThat(FairShares.divide(3, List.of(claim("a", 0, 1, 9), claim("b", 0, 3, 9)), 0))
                .containsExactly(1, 2);
    }

    @Test
    void aQuotaDoesNotChangeWhichFractionsAreEqual() {
        assertThat(FairShares.divide(12, List.of(claim("a", 4, 1, 9), claim("b", 0, 1, 9), claim("c", 0, 1, 9)), 0))
                .containsExactly(7, 3, 2);
    }

    @Test
    void dividesNothingAmongNobody() {
        assertThat(FairShares.divide(8_000, List.of(), 1)).isEmpty();
        assertThat(FairShares.divide(0, List.of(claim("a", 4_000, 1, 8_000)), 1))
                .containsExactly(0);
    }

    /** {@code supply} and the claims of a random pool. */
    private record Pool(long supply, List<Claim> claims, double history) {
        static Pool random(long seed, int queues) {
            var random = new Random(seed);
            long scale = random.nextBoolean() ? 10 : 160_000_000;
            List<Claim> claims = new ArrayList<>();
            for (int queue = 0; queue < queues; queue++) {
                claims.add(new Claim(
                        new QueueName("q" + queue),
                        random.nextInt(3) == 0 ? 0 : random.nextLong(scale),
                        random.nextInt(5) == 0 ? 0 : random.nextLong(2 * scale),
                        1 + random.nextInt(7),
                        random.nextInt(3),
                        random.nextDouble()));
            }
            return new Pool(random.nextLong(1 + scale * queues), claims, random.nextInt(3) * 0.75);
        }

        long[] shares() {
            return FairShares.divide(supply, claims, history);
        }

        long demand() {
            return claims.stream().mapToLong(Claim::demand).sum();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 5, 40})
    void sharesAddUpToTheSmallerOfSupplyAndDemand(int queues) {
        for (long seed = 0; seed < SEEDS / queues; seed++) {
            Pool pool = Pool.random(seed, queues);

            assertThat(Arrays.stream(pool.shares()).sum())
                    .as("seed %d: %s", seed, pool)
                    .isEqualTo(Math.min(pool.supply(), pool.demand()));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 5, 40})
    void noQueueGetsMoreThanItAsksForNorLessThanItsQuotaIfThereIsEnough(int queues) {
        for (long seed = 0; seed < SEEDS / queues; seed++) {
            Pool pool = Pool.random(seed, queues);
            long quotas = pool.claims().stream()
                    .mapToLong(claim -> Math.min(claim.quota(), claim.demand()))
                    .sum();
            long[] shares = pool.shares();

            for (int queue = 0; queue < queues; queue++) {
                Claim claim = pool.claims().get(queue);
                assertThat(shares[queue]).as("seed %d: %s", seed, pool).isBetween(0L, claim.demand());
                if (quotas <= pool.supply()) {
                    assertThat(shares[queue])
                            .as("seed %d: %s", seed, pool)
                            .isGreaterThanOrEqualTo(Math.min(claim.quota(), claim.demand()));
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 5, 40})
    void theOrderOfTheClaimsDoesNotMatter(int queues) {
        for (long seed = 0; seed < SEEDS / queues; seed++) {
            Pool pool = Pool.random(seed, queues);
            long[] shares = pool.shares();
            long[] turned = new Pool(pool.supply(), pool.claims().reversed(), pool.history()).shares();

            String all = "seed %d: %s".formatted(seed, pool);
            for (int queue = 0; queue < queues; queue++) {
                // Sums of doubles depend on their order, so the last unit may go elsewhere.
                assertThat(Math.abs(shares[queue] - turned[queues - 1 - queue]))
                        .as(all)
                        .isLessThanOrEqualTo(1);
            }
        }
    }
}
