package io.gpuctl.experiments.expect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gpuctl.experiments.result.Metric;
import io.gpuctl.experiments.spec.ExperimentFileException;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PublishedFileTest {
    @TempDir
    private Path directory;

    private Path file(String csv) throws IOException {
        return Files.writeString(directory.resolve("published.csv"), csv);
    }

    @Test
    void valuesAtAnArrivedLoadAreThoseAtHundredPercent() throws IOException {
        Path file = file("""
                metric,workload,policy,arrived_pct,mean,sd,n
                alloc_pct,default,BestFit,95,90.1,0.1,10
                alloc_pct,default,BestFit,100,92.862,0.1,10
                unknown_metric,default,BestFit,100,1,0.1,10
                """);

        assertThat(PublishedFile.read(file))
                .containsExactly(
                        new PublishedValue("default", "BestFit", Metric.ALLOCATED, 100, new BigDecimal("92.862")));
    }

    @Test
    void valuesOfWholeRunsKeepTheirDigits() throws IOException {
        Path file = file("trace,policy,metric,value\ntrace1,Tiresias_L,avg_jct_s,1370603.1980\n");

        assertThat(PublishedFile.read(file))
                .containsExactly(new PublishedValue(
                        "trace1", "Tiresias_L", Metric.JCT_MEAN, null, new BigDecimal("1370603.1980")));
    }

    @Test
    void aFileWithoutTheColumnsIsNone() throws IOException {
        Path file = file("a,b\n1,2\n");

        assertThatThrownBy(() -> PublishedFile.read(file))
                .isInstanceOf(ExperimentFileException.class)
                .hasMessageContaining("line 1: the header must name the columns metric,policy; it names a,b");
    }
}
