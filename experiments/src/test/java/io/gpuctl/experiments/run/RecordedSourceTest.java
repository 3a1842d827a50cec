package io.gpuctl.experiments.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gpuctl.experiments.spec.Experiment;
import io.gpuctl.experiments.spec.ExperimentFileException;
import io.gpuctl.experiments.trace.Arrival;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RecordedSourceTest {

    private static final String SINCE_1970 = """
            0 1356996147 0 60 4 -1 -1 4 200 -1 1 62 1 -1 1 -1 -1 -1
            1 1356996150 0 60 4 -1 -1 4 200 -1 1 62 1 -1 1 -1 -1 -1
            """;

    @TempDir
    private Path directory;

    private Source.Recorded read(String content, boolean skipBadRows) throws IOException {
        Path file = Files.writeString(directory.resolve("log.swf"), content);
        return Source.Recorded.read(file, new Experiment.Recorded(List.of(file), null, BigDecimal.ONE, skipBadRows));
    }

    @Test
    void theFirstTaskComesAtOnce() throws IOException {
        assertThat(read(SINCE_1970, false).arrivals(1))
                .extracting(Arrival::atMs)
                .containsExactly(0L, 3_000L);
    }

    @Test
    void aBadRowEndsTheReadingUnlessItIsSkipped() throws IOException {
        String content = SINCE_1970 + "2 1356996150 0 sixty 4 -1 -1 4 200 -1 1 62 1 -1 1 -1 -1 -1\n";

        assertThatThrownBy(() -> read(content, false))
                .isInstanceOf(ExperimentFileException.class)
                .hasMessageContaining("line 3: field 4 (run time) is 'sixty'");
        assertThat(read(content, true).arrivals(1)).hasSize(2);
        assertThat(read(content, true).notes())
                .contains("1 rows became no task: they cannot be read.")
                .anyMatch(note -> note.startsWith("A row that became no task, line 3: field 4 (run time) is 'sixty'"));
    }
}
