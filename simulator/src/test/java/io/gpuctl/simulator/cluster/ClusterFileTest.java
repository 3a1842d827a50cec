package io.gpuctl.simulator.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gpuctl.events.NodeId;
import io.gpuctl.events.NodeInventory;
import io.gpuctl.events.PoolId;
import io.gpuctl.simulator.model.Cooling;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ClusterFileTest {
    @TempDir
    Path directory;

    @Test
    void readsGroupsOfNodes() throws IOException {
        var nodes = read("cluster.yaml", """
                - count: 2
                  id_prefix: big-
                  pool: training
                  gpu_model: H100
                  gpus: 4
                  gpu_memory: 1.5GiB
                  cpu_milli: 64000
                  memory: 512GiB
                  gpu_idle_power_watts: 65.5
                  gpu_limit_power_watts: 650
                  ambient_celsius: 30
                  slowdown_celsius: 80
                - id_prefix: cpu-
                  gpus: 0
                """);

        assertThat(nodes).extracting(node -> node.nodeId().value()).containsExactly("big-0", "big-1", "cpu-0");
        assertThat(nodes.get(1))
                .isEqualTo(new NodeInventory(
                        new NodeId("big-1"),
                        new PoolId("training"),
                        "H100",
                        4,
                        1536,
                        64_000,
                        524_288,
                        65.5,
                        650,
                        30,
                        80,
                        "",
                        Cooling.of(700, 15, 30).riseCelsius(650)));
        assertThat(nodes.get(2).gpuCount()).isZero();
    }

    @Test
    void fillsUpWithTheDefaultCluster() throws IOException {
        assertThat(read("cluster.yml", "- count: 32\n")).isEqualTo(ClusterShape.of(32, 8, "A100-SXM4-80GB"));
    }

    @Test
    void takesAnUnknownModelThatSaysAllItsFigures() throws IOException {
        var nodes = read("cluster.yaml", """
                - gpu_model: MI250X
                  gpu_memory: 192GiB
                  gpu_idle_power_watts: 140
                  gpu_limit_power_watts: 750
                  slowdown_celsius: 100
                """);

        assertThat(nodes.getFirst().gpuModel()).isEqualTo("MI250X");
        assertThat(nodes.getFirst().gpuMemoryMib()).isEqualTo(196_608);
    }

    @Test
    void readsAnOpenbNodeList() throws IOException {
        var nodes = read("nodes.csv", """
                sn,cpu_milli,memory_mib,gpu,model
                openb-node-0000,32000,262144,0,
                openb-node-0001,96000,786432,8,V100M32
                """);

        assertThat(nodes)
                .containsExactly(
                        new NodeInventory(
                                new NodeId("openb-node-0000"),
                                PoolId.DEFAULT,
                                "",
                                0,
                                0,
                                32_000,
                                262_144,
                                0,
                                0,
                                25,
                                100),
                        new NodeInventory(
                                new NodeId("openb-node-0001"),
                                PoolId.DEFAULT,
                                "V100M32",
                                8,
                                32_510,
                                96_000,
                                786_432,
                                40,
                                300,
                                25,
                                83,
                                "",
                                Cooling.of(300, 15, 30).riseCelsius(300)));
    }

    /** Spreadsheets write such files. */
    @Test
    void readsCsvWithAByteOrderMarkAndQuotes() throws IOException {
        var nodes = read("nodes.csv", "\uFEFFsn,cpu_milli,memory_mib,gpu,model\r\n\"a\",\"64000\",262144,2,\"T4\"\r\n");

        assertThat(nodes).singleElement().satisfies(node -> {
            assertThat(node.nodeId()).hasToString("a");
            assertThat(node.gpuModel()).isEqualTo("T4");
        });
    }

    @Test
    void readsYamlWithAByteOrderMark() throws IOException {
        assertThat(read("nodes.yaml", "\uFEFF- count: 2\n")).hasSize(2);
    }

    @ParameterizedTest
    @CsvSource({"2.0,6.4e+04", "2,64000", "2e0,64000.000"})
    void takesAWholeNumberInAnyForm(String gpus, String cpuMilli) throws IOException {
        var csv = read("nodes.csv", "sn,cpu_milli,memory_mib,gpu,model\na,%s,1024,%s,T4\n".formatted(cpuMilli, gpus));
        var yaml = read("nodes.yaml", "- {gpus: %s, cpu_milli: %s}\n".formatted(gpus, cpuMilli));

        assertThat(List.of(csv.getFirst(), yaml.getFirst()))
                .allMatch(node -> node.gpuCount() == 2 && node.cpuMilli() == 64_000);
    }

    @ParameterizedTest
    @CsvSource({"256Gi,262144", "256GiB,262144", "0.25 TiB,262144", "512Mi,512", "1MiB,1", "80GB,76294"})
    void readsSizesAsTheCommandLineDoes(String size, long mib) throws IOException {
        var node = read("nodes.yaml", "- {memory: %s, gpu_memory: %s}\n".formatted(size, size))
                .getFirst();

        assertThat(node.memoryMib()).isEqualTo(mib).isEqualTo(node.gpuMemoryMib());
    }

    @Test
    void readsCompressedFiles() throws IOException {
        var file = directory.resolve("nodes.csv.gz");
        try (OutputStream output = new GZIPOutputStream(Files.newOutputStream(file))) {
            output.write("model,gpu,extra,memory_mib,cpu_milli,sn\r\nT4,2,x,1024,1000,n\r\n"
                    .getBytes(StandardCharsets.UTF_8));
        }

        assertThat(ClusterFile.read(file))
                .hasSize(1)
                .allMatch(node -> node.gpuCount() == 2 && node.memoryMib() == 1024);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "- count: 0 | 1 | count is 0, but must be a number from 1 to 100000",
                "- gpus: many | 1 | gpus is 'many', but must be a whole number of at most 9 digits",
                "- count: 1;  gpus: 65 | 2 | gpus is 65, but must be a number from 0 to 64",
                "- gpu_memory: 80 | 1 | gpu_memory is '80', but must be a size such as 512MiB, 80GiB, 256Gi or 1TiB",
                "- count: 1;- gpu_modell: A100 | 2 | the field 'gpu_modell' is unknown; allowed fields are count, id_prefix",
                "- count: 1;  count: 2 | 2 | count appears twice in one group",
                "- count: [1] | 1 | count must be one value, not a list or a group",
                "- just words | 1 | a group must be fields and values, as in 'count: 4'",
                "count: 4 | 1 | the file must be a list of groups of nodes, each beginning with '-'",
                "- id_prefix: a-;- id_prefix: a- | 2 | the node id 'a-0' is already used on line 1; ids must be unique",
                "- id_prefix: 'a b' | 1 | id_prefix is 'a b0', but must be 1 to 128 letters",
                "- pool: '' | 1 | pool is '', but must be 1 to 128 letters",
                "- gpu_limit_power_watts: 10 | 1 | gpu_limit_power_watts is 10.0, but must be at least 93, the GPU's power at its lowest",
                "- count: 1;  gpu_model: B999 | 2 | gpu_model is 'B999', but must be one of P100, T4",
                "- count: 1;  pool: [ | 3 | not valid YAML: ",
                "kind: Node;metadata: {name: a};---;kind: Node | 4 | a second YAML document begins here, but only one is allowed: the file must be a list of groups of nodes",
                "- count: 1;---;- count: 1 | 3 | a second YAML document begins here",
            })
    void saysWhatIsWrongInYaml(String lines, int line, String problem) {
        assertThatThrownBy(() -> read("bad.yaml", lines.replace(";", "\n") + "\n"))
                .isInstanceOf(ClusterFileException.class)
                .hasMessageStartingWith(directory.resolve("bad.yaml") + ", line " + line + ": " + problem.strip());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "a,1000,1024,1,T4;b,1000,x,1,T4 | 3 | memory_mib is 'x', but must be a whole number",
                "a,1000,1024,1,T4;;b,1000,1024,99,T4 | 4 | gpu is 99, but must be a number from 0 to 64",
                "a,1000,1024,-5,T4 | 2 | gpu is '-5', but must be a whole number of at most 6 digits",
                "a,1000,1024,1,B999 | 2 | model is 'B999', but must be one of P100, T4",
                "a,1000,1024,1, | 2 | model is '', but must be one of P100, T4",
                "a,1000,1024 | 2 | has 3 values, but the header names 5 columns",
                "a,1,1,1,T4;b,1,1,1,T4;a,1,1,1,T4 | 4 | the node id 'a' is already used on line 2",
            })
    void saysWhatIsWrongInCsv(String rows, int line, String problem) {
        String content = "sn,cpu_milli,memory_mib,gpu,model\n" + rows.replace(";", "\n") + "\n";

        assertThatThrownBy(() -> read("bad.csv", content))
                .isInstanceOf(ClusterFileException.class)
                .hasMessageStartingWith(directory.resolve("bad.csv") + ", line " + line + ": " + problem.strip());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "nodes.csv | name,gpu | , line 1: the header must name the columns sn,cpu_milli,memory_mib,gpu,model; it names name,gpu",
                "nodes.csv | '' | , line 1: the header must name the columns sn,cpu_milli,memory_mib,gpu,model; it names none",
                "nodes.csv | sn,cpu_milli,memory_mib,gpu,model | : the file has no nodes",
                "nodes.yaml | [] | : the file has no nodes",
                "nodes.yaml | '' | , line 1: the file must be a list",
                "nodes.txt | x | : the file name must end with .yaml, .yml or .csv",
                "nodes.csv | sn,cpu_milli,memory_mib,gpu,model,gpu | , line 1: the header names the column 'gpu' twice",
                "nodes.csv.gz | this is not gzip at all | , line 1: the header must name the columns",
            })
    void saysWhatIsWrongWithTheFile(String name, String content, String problem) {
        assertThatThrownBy(() -> read(name, content))
                .isInstanceOf(ClusterFileException.class)
                .hasMessageStartingWith(directory.resolve(name) + problem);
    }

    /** A few kilobytes of gzip may hold gigabytes of text, which must be refused without being kept in memory. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "nodes.csv.gz | 'sn,cpu_milli,memory_mib,gpu,model,' | , line 1: the line has more than 1,048,576 characters",
                "nodes.csv.gz | '\"' | , line 1: the line has more than 1,048,576 characters",
                "nodes.yaml.gz | '- gpu_model: ' | , line 1: the line has more than 1,048,576 characters",
                "nodes.yaml.gz | '- gpu_model: \"' | , line 1: the line has more than 1,048,576 characters",
            })
    void doesNotReadALineWithoutEnd(String name, String begin, String problem) throws IOException {
        Path file = directory.resolve(name);
        try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(file))) {
            out.write(begin.getBytes(StandardCharsets.UTF_8));
            for (int megabytes = 0; megabytes < 5; megabytes++) {
                out.write("x".repeat(1 << 20).getBytes(StandardCharsets.UTF_8));
            }
        }

        assertThatThrownBy(() -> ClusterFile.read(file))
                .isInstanceOf(ClusterFileException.class)
                .hasMessage(file + problem);
    }

    @Test
    void doesNotReadYamlWithoutEnd() {
        String lines = "  # 10 chars\n".repeat(100_000);

        assertThatThrownBy(() -> read("nodes.yaml", "- gpu_model: >\n" + lines))
                .isInstanceOf(ClusterFileException.class)
                .hasMessageEndingWith("the text has more than 1,048,576 characters");
    }

    @Test
    void doesNotUnfoldAliases() {
        var bomb = new StringBuilder("- &a0 {count: 1}\n");
        for (int i = 1; i < 40; i++) {
            bomb.append("- &a%d [*a%d, *a%d]\n".formatted(i, i - 1, i - 1));
        }

        assertThatThrownBy(() -> read("nodes.yaml", bomb.toString()))
                .isInstanceOf(ClusterFileException.class)
                .hasMessageContaining("not valid YAML: Number of aliases");
    }

    @Test
    void refusesTextThatSteersATerminal() {
        assertThatThrownBy(() -> read("nodes.yaml", "- gpu_model: \"T4\\e[2J\"\n"))
                .isInstanceOf(ClusterFileException.class)
                .hasMessageEndingWith(
                        "gpu_model is 'T4\\u001b[2J', but must be text without control characters and unpaired surrogates");
        assertThatThrownBy(() ->
                        read("nodes.csv", "sn,cpu_milli,memory_mib,gpu,model\nn,1000,1000,1,T4\u0007\u001b[2Jx\n"))
                .isInstanceOf(ClusterFileException.class)
                .hasMessageContaining("T4\\u0007\\u001b[2Jx");
        assertThatThrownBy(() -> read("nodes.yaml", "- \"\\e[2J\": 1\n"))
                .hasMessageContaining("the field '\\u001b[2J' is unknown");
    }

    @Test
    void refusesWhatIsNotUtf8() throws IOException {
        Path file = Files.write(directory.resolve("nodes.csv"), new byte[] {(byte) 0xff, (byte) 0xfe});

        assertThatThrownBy(() -> ClusterFile.read(file)).hasMessage(file + ": the file is not UTF-8 text");
    }

    @Test
    void saysWhichFileIsMissing() {
        assertThatThrownBy(() -> ClusterFile.read(directory.resolve("none.yaml")))
                .isInstanceOf(ClusterFileException.class)
                .hasMessageEndingWith("none.yaml: the file does not exist");
    }

    private List<NodeInventory> read(String name, String content) throws IOException {
        return ClusterFile.read(Files.writeString(directory.resolve(name), content));
    }
}
