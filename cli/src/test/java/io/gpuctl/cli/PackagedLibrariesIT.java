package io.gpuctl.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.module.ModuleDescriptor.Version;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Older versions of these libraries have known vulnerabilities in the code that reads HTTP. A newer Quarkus must not
 * bring these versions back.
 */
class PackagedLibrariesIT {

    private static final Pattern JAR = Pattern.compile("(.+)-(\\d+\\.\\d+\\.\\d+)(\\.Final)?\\.jar");

    @ParameterizedTest
    @CsvSource({"io.netty.netty-,4.1.132", "io.vertx.vertx-,4.5.24"})
    void areNotOlderThan(String prefix, String oldest) throws IOException {
        Path libraries = Path.of(System.getProperty("maven.project.basedir", "."), "target/quarkus-app/lib/main");
        try (var files = Files.list(libraries)) {
            var jars = files.map(file -> JAR.matcher(file.getFileName().toString()))
                    .filter(Matcher::matches)
                    .filter(jar -> jar.group(1).startsWith(prefix))
                    .toList();
            assertThat(jars)
                    .isNotEmpty()
                    .allSatisfy(jar -> assertThat(Version.parse(jar.group(2)))
                            .as(jar.group())
                            .isGreaterThanOrEqualTo(Version.parse(oldest)));
        }
    }
}
