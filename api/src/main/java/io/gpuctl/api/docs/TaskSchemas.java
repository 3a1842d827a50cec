package io.gpuctl.api.docs;

import io.gpuctl.api.problem.BodyLimit;
import io.gpuctl.events.form.FieldKind.Count;
import io.gpuctl.events.form.FieldKind.Flag;
import io.gpuctl.events.form.FieldKind.Fraction;
import io.gpuctl.events.form.FieldKind.Gibibytes;
import io.gpuctl.events.form.FieldKind.Gpus;
import io.gpuctl.events.form.FieldKind.Identifier;
import io.gpuctl.events.form.FieldKind.Seconds;
import io.gpuctl.events.form.FieldKind.Text;
import io.gpuctl.events.form.FieldKind.Texts;
import io.gpuctl.events.form.FieldKind.Whole;
import io.gpuctl.events.form.FieldKind.Word;
import io.gpuctl.events.form.TaskField;
import io.gpuctl.events.form.TaskForm;
import io.gpuctl.events.kafka.EventJson;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import org.eclipse.microprofile.openapi.OASFactory;
import org.eclipse.microprofile.openapi.models.media.Schema;
import org.eclipse.microprofile.openapi.models.media.Schema.SchemaType;

/** Describes the fields of a task from {@link TaskForm}, both in submissions and in answers. */
final class TaskSchemas {

    private TaskSchemas() {}

    /** Adds the meaning of the submitted fields to the schema of a task. */
    static void describeShown(Map<String, Schema> schemas) {
        Map<String, Schema> shown =
                Objects.requireNonNull(schemas.get("Task"), "Task").getProperties();
        for (TaskField<?> field : TaskForm.OF_SUBMISSION) {
            Schema property = shown.get(field.name());
            if (property != null) {
                describe(property, field, field.words());
            }
        }
    }

    /** Returns the schema of a submission's body. */
    static Schema submission() {
        Schema submission = OASFactory.createSchema()
                .addType(SchemaType.OBJECT)
                .description("A task to run. Every field has a default; a field that is not listed here is an error.");
        for (TaskField<?> field : TaskForm.OF_SUBMISSION) {
            submission.addProperty(field.name(), property(field));
        }
        return submission;
    }

    /** Returns the schema of a JSON body with one submission or several. */
    static Schema submissions() {
        Schema one = OASFactory.createSchema().ref("#/components/schemas/TaskSubmission");
        return OASFactory.createSchema()
                .description("A task to run, or an array of tasks.")
                .addOneOf(one)
                .addOneOf(OASFactory.createSchema()
                        .addType(SchemaType.ARRAY)
                        .items(one)
                        .maxItems(BodyLimit.TASKS_MAX));
    }

    private static Schema property(TaskField<?> field) {
        Schema schema = ofKind(field);
        field.absent()
                .filter(value -> !(value instanceof Iterable<?>))
                .ifPresent(value -> schema.defaultValue(json(value)));
        describe(schema, field, (field.words() + " " + field.submissionWords()).strip());
        return schema;
    }

    private static void describe(Schema schema, TaskField<?> field, String words) {
        schema.description(words);
        if (!field.examples().isEmpty()) {
            schema.examples(field.examples());
        }
    }

    private static Schema ofKind(TaskField<?> field) {
        Schema schema = OASFactory.createSchema();
        return switch (field.kind()) {
            case Identifier<?> _ -> schema.addType(SchemaType.STRING).pattern(Identifier.PATTERN);
            case Text text -> text(schema, text.lengthMax());
            case Texts texts ->
                schema.addType(SchemaType.ARRAY)
                        .maxItems(texts.max())
                        .items(text(OASFactory.createSchema(), texts.lengthMax()));
            case Word<?> word ->
                schema.addType(SchemaType.STRING)
                        .enumeration(Arrays.stream(word.values().getEnumConstants())
                                .map(TaskSchemas::json)
                                .toList());
            case Count count ->
                number(schema, SchemaType.INTEGER, count.min(), count.max()).format("int32");
            case Whole whole ->
                number(schema, SchemaType.INTEGER, whole.min(), whole.max()).format("int64");
            case Fraction _ -> number(schema, SchemaType.NUMBER, 0, 1);
            case Gpus gpus -> number(schema, SchemaType.NUMBER, 0, gpus.max());
            case Gibibytes gib -> number(schema, SchemaType.NUMBER, 0, gib.max());
            case Seconds seconds -> number(schema, SchemaType.NUMBER, 0, seconds.max());
            case Flag _ -> schema.addType(SchemaType.BOOLEAN);
        };
    }

    private static Schema text(Schema schema, int lengthMax) {
        return schema.addType(SchemaType.STRING).minLength(1).maxLength(lengthMax);
    }

    private static Schema number(Schema schema, SchemaType type, long min, long max) {
        return schema.addType(type).minimum(BigDecimal.valueOf(min)).maximum(BigDecimal.valueOf(max));
    }

    /** Returns a value in its JSON form: a constant as its word, an identifier as text. */
    private static Object json(Object value) {
        return value instanceof Number || value instanceof Boolean
                ? value
                : EventJson.mapper().convertValue(value, String.class);
    }
}
