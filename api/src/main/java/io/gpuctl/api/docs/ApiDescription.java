package io.gpuctl.api.docs;

import io.gpuctl.api.problem.Problem;
import io.gpuctl.api.problem.ProblemType;
import io.gpuctl.api.request.Paging;
import io.gpuctl.events.FactTypes;
import io.quarkus.smallrye.openapi.OpenApiFilter;
import jakarta.ws.rs.core.HttpHeaders;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeSet;
import org.eclipse.microprofile.openapi.OASFactory;
import org.eclipse.microprofile.openapi.OASFilter;
import org.eclipse.microprofile.openapi.models.OpenAPI;
import org.eclipse.microprofile.openapi.models.Operation;
import org.eclipse.microprofile.openapi.models.PathItem;
import org.eclipse.microprofile.openapi.models.media.Schema;
import org.eclipse.microprofile.openapi.models.media.Schema.SchemaType;
import org.eclipse.microprofile.openapi.models.parameters.Parameter;
import org.eclipse.microprofile.openapi.models.responses.APIResponse;
import org.jboss.jandex.AnnotationInstance;
import org.jboss.jandex.ClassInfo;
import org.jboss.jandex.DotName;
import org.jboss.jandex.IndexView;
import org.jboss.jandex.RecordComponentInfo;

/**
 * Adds to the API's description, at build time, what applies to many routes: the possible errors, headers, the meaning
 * of {@code {id}}, and the required fields, which are the components of a record that are not {@code @Nullable}.
 */
@OpenApiFilter(OpenApiFilter.RunStage.BUILD)
public final class ApiDescription implements OASFilter {
    private static final DotName NULLABLE = DotName.createSimple("org.jspecify.annotations.Nullable");
    private static final DotName INCLUDE = DotName.createSimple("com.fasterxml.jackson.annotation.JsonInclude");
    private static final DotName SCHEMA =
            DotName.createSimple("org.eclipse.microprofile.openapi.annotations.media.Schema");
    private static final String OURS = "io.gpuctl.";

    private final IndexView index;

    public ApiDescription(IndexView index) {
        this.index = index;
    }

    @Override
    public void filterOpenAPI(OpenAPI api) {
        api.setServers(List.of(OASFactory.createServer().url("/").description("This service.")));
        api.setSecurity(List.of()); // There is no authentication.
        api.getPaths()
                .getPathItems()
                .forEach((path, item) ->
                        item.getOperations().forEach((method, operation) -> complete(path, method, operation)));
        Map<String, Schema> schemas = api.getComponents().getSchemas();
        schemas.forEach(this::addRequired);
        schemas.values().forEach(ApiDescription::describeNextCursor);
        TaskSchemas.describeShown(schemas);
        api.getComponents().addSchema("TaskSubmission", TaskSchemas.submission());
        api.getComponents().addSchema("TaskSubmissions", TaskSchemas.submissions());
        setWords(
                schemas,
                "Problem",
                Arrays.stream(ProblemType.values()).map(ProblemType::uri).toList());
        setWords(schemas, "Event", FactTypes.NAMES.stream().sorted().toList());
    }

    /** Sets the allowed values of the property {@code type} of a schema. */
    private static void setWords(Map<String, Schema> schemas, String schema, List<String> words) {
        Schema type = Objects.requireNonNull(schemas.get(schema), schema)
                .getProperties()
                .get("type");
        Objects.requireNonNull(type, schema).setEnumeration(List.copyOf(words));
    }

    private static void complete(String path, PathItem.HttpMethod method, Operation operation) {
        addErrors(path, method, operation);
        for (Parameter parameter : parameters(operation)) {
            if (parameter.getIn() == Parameter.In.PATH && parameter.getDescription() == null) {
                parameter.setDescription("The %s's id.".formatted(path.startsWith("/tasks/") ? "task" : "node"));
            }
            describePaging(parameter, operation);
        }
        addHeader(operation, "201", HttpHeaders.LOCATION, "The URL of the created resource.");
        addHeader(operation, "503", HttpHeaders.RETRY_AFTER, "Seconds after which to retry.");
    }

    /** Describes the parameters of {@link Paging}; the resources name the entries. */
    private static void describePaging(Parameter parameter, Operation operation) {
        switch (parameter.getName()) {
            case "limit" ->
                parameter.setSchema(OASFactory.createSchema()
                        .addType(SchemaType.INTEGER)
                        .minimum(BigDecimal.ONE)
                        .maximum(BigDecimal.valueOf(Paging.LIMIT_MAX)));
            case "cursor" -> {
                parameter.setDescription("The next_cursor of the previous page.");
                addHeader(
                        operation,
                        "200",
                        HttpHeaders.LINK,
                        "Link to the next page, absent on the last page:" + " <URL>; rel=\"next\".");
            }
            default -> {
                // Not a parameter of a listing.
            }
        }
    }

    private static void describeNextCursor(Schema schema) {
        Map<String, Schema> properties = schema.getProperties();
        Schema next = properties == null ? null : properties.get("next_cursor");
        if (next != null) {
            next.setDescription("Pass this value as cursor to get the next page; absent on the last page.");
        }
    }

    private static List<Parameter> parameters(Operation operation) {
        return operation.getParameters() == null ? List.of() : operation.getParameters();
    }

    private static void addHeader(Operation operation, String status, String name, String description) {
        APIResponse response = operation.getResponses().getAPIResponse(status);
        if (response != null) {
            Schema schema = OASFactory.createSchema()
                    .addType(name.equals(HttpHeaders.RETRY_AFTER) ? SchemaType.INTEGER : SchemaType.STRING);
            response.addHeader(
                    name, OASFactory.createHeader().description(description).schema(schema));
        }
    }

    private static void addErrors(String path, PathItem.HttpMethod method, Operation operation) {
        add(operation, "400", "A parameter is unknown or not valid, or a header or the body cannot be read.");
        if (path.contains("{id}")) {
            add(operation, "404", "Nothing has this id.");
        }
        if (method == PathItem.HttpMethod.POST) {
            add(operation, "413", "The body is too large.");
            add(operation, "415", "The body's media type is not application/json.");
            add(operation, "422", "A field is unknown, or its value is not allowed.");
        }
        if (!path.equals("/")) {
            add(
                    operation,
                    "503",
                    "The Kafka broker does not answer, or the views are not ready; Retry-After"
                            + " says when to retry.");
        }
        add(operation, "default", "Any other error.");
    }

    private static void add(Operation operation, String status, String description) {
        Map<String, APIResponse> declared = operation.getResponses().getAPIResponses();
        String said = declared != null && declared.containsKey(status)
                ? declared.get(status).getDescription()
                : description;
        operation.getResponses().addAPIResponse(status, problem(said));
    }

    private static APIResponse problem(String description) {
        Schema problem = OASFactory.createSchema().ref("#/components/schemas/" + Problem.class.getSimpleName());
        return OASFactory.createAPIResponse()
                .description(description)
                .content(OASFactory.createContent()
                        .addMediaType(
                                Problem.MEDIA_TYPE, OASFactory.createMediaType().schema(problem)));
    }

    private void addRequired(String name, Schema schema) {
        record(name).ifPresent(type -> {
            List<String> fields =
                    new ArrayList<>(new TreeSet<>(schema.getProperties().keySet()));
            for (RecordComponentInfo component : type.recordComponents()) {
                if (isOptional(component)) {
                    fields.remove(snakeCase(component.name()));
                }
            }
            schema.setRequired(fields.isEmpty() ? null : fields);
        });
    }

    private Optional<ClassInfo> record(String schema) {
        return index.getKnownClasses().stream()
                .filter(type -> type.isRecord() && type.name().toString().startsWith(OURS))
                .filter(type -> schema.equals(schemaName(type)))
                .filter(type -> type.name().toString().startsWith(OURS + "api."))
                .findFirst();
    }

    private static String schemaName(ClassInfo type) {
        AnnotationInstance schema = type.declaredAnnotation(SCHEMA);
        return schema != null && schema.value("name") != null
                ? schema.value("name").asString()
                : type.simpleName();
    }

    private static boolean isOptional(RecordComponentInfo component) {
        return component.hasAnnotation(NULLABLE)
                || component.hasAnnotation(INCLUDE)
                || component.type().hasAnnotation(NULLABLE);
    }

    private static String snakeCase(String name) {
        return name.replaceAll("([a-z0-9])([A-Z])", "$1_$2").toLowerCase(Locale.ROOT);
    }
}
