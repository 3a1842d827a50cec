package io.gpuctl.orchestrator.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TournamentTest {
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 15, 16, 17, 255, 256, 257, 1_213, 4_097})
    void theFirstOfTheHighestIsKnownAfterEveryChange(int length) {
        Random random = new Random(length);
        Tournament tournament = new Tournament(length);
        double[] numbers = new double[length];
        Arrays.fill(numbers, Double.NEGATIVE_INFINITY);

        for (int change = 0; change < 4_000; change++) {
            // Indexes near the front are more frequent, so that the highest numbers also change; there are few values,
            // so that many are equal.
            int index = (int) (length * Math.pow(random.nextDouble(), 3));
            double value = random.nextInt(5) == 0 ? Double.NEGATIVE_INFINITY : random.nextInt(1 + change / 200);
            numbers[index] = value;
            tournament.set(index, value);

            assertThat(tournament.indexOfMax()).isEqualTo(firstOfHighest(numbers));
        }
    }

    private static int firstOfHighest(double[] numbers) {
        int first = 0;
        for (int i = 1; i < numbers.length; i++) {
            if (numbers[i] > numbers[first]) {
                first = i;
            }
        }
        return first;
    }
}
