package io.gpuctl.api;

import jakarta.ws.rs.HttpMethod;
import jakarta.ws.rs.QueryParam;
import java.io.File;
import java.io.IOException;
import java.lang.annotation.Annotation;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.eclipse.microprofile.openapi.annotations.Operation;

/** What the classes of this module declare, read by reflection. */
final class ResourceClasses {

    private static final Path CLASSES = Path.of("target/classes");
    private static final String SUFFIX = ".class";

    private ResourceClasses() {}

    /**
     * A method of a resource.
     *
     * @param method the HTTP method
     * @param path the path, with {@code {id}} for an id
     * @param parameters the names of the query parameters
     * @param isHidden whether the description omits the method on purpose
     */
    record DeclaredRoute(String method, String path, List<String> parameters, boolean isHidden) {

        String name() {
            return method + " " + path;
        }
    }

    /** Returns every method of every resource. */
    static List<DeclaredRoute> routes() throws IOException {
        return all().stream()
                .filter(type -> type.isAnnotationPresent(jakarta.ws.rs.Path.class))
                .flatMap(type -> Arrays.stream(type.getDeclaredMethods()))
                .flatMap(method -> route(method).stream())
                .toList();
    }

    /** Returns every class of the module. */
    static List<Class<?>> all() throws IOException {
        try (Stream<Path> files = Files.walk(CLASSES)) {
            return files.map(file -> CLASSES.relativize(file).toString())
                    .filter(file -> file.endsWith(SUFFIX))
                    .map(file ->
                            file.substring(0, file.length() - SUFFIX.length()).replace(File.separatorChar, '.'))
                    .<Class<?>>map(ResourceClasses::load)
                    .toList();
        }
    }

    private static Class<?> load(String name) {
        try {
            return Class.forName(name, false, Thread.currentThread().getContextClassLoader());
        } catch (ClassNotFoundException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Optional<DeclaredRoute> route(Method method) {
        return Arrays.stream(method.getAnnotations())
                .map(Annotation::annotationType)
                .map(type -> type.getAnnotation(HttpMethod.class))
                .filter(Objects::nonNull)
                .findFirst()
                .map(http -> new DeclaredRoute(http.value(), path(method), parameters(method), isHidden(method)));
    }

    private static String path(Method method) {
        String ofClass = method.getDeclaringClass()
                .getAnnotation(jakarta.ws.rs.Path.class)
                .value();
        var ofMethod = method.getAnnotation(jakarta.ws.rs.Path.class);
        return ofMethod == null ? ofClass : ofClass + ofMethod.value();
    }

    private static List<String> parameters(Method method) {
        return Arrays.stream(method.getParameters())
                .map(parameter -> parameter.getAnnotation(QueryParam.class))
                .filter(Objects::nonNull)
                .map(QueryParam::value)
                .toList();
    }

    private static boolean isHidden(Method method) {
        var operation = method.getAnnotation(Operation.class);
        return operation != null && operation.hidden();
    }
}
