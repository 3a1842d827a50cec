package io.gpuctl.experiments.result.files;

import io.gpuctl.experiments.result.RunKey;
import io.gpuctl.experiments.result.RunResult;
import io.gpuctl.experiments.result.TaskOutcome;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.parquet.conf.ParquetConfiguration;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.hadoop.ParquetFileWriter;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.api.WriteSupport;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.io.LocalOutputFile;
import org.apache.parquet.io.OutputFile;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.io.api.RecordConsumer;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.MessageTypeParser;
import org.jspecify.annotations.Nullable;

/**
 * Writes {@code tasks.parquet}: every task of every run, one per row. Avoids all parts of Parquet that need Hadoop:
 * configuration, file and codecs are supplied, so Hadoop's classes occur in signatures but are never loaded.
 */
final class TasksParquet implements Closeable {

    /** Separates the nodes of a gang. */
    static final String NODE_SEPARATOR = " ";

    private static final MessageType SCHEMA = MessageTypeParser.parseMessageType("""
            message task {
                required binary experiment (STRING);
                required binary workload (STRING);
                required binary policy (STRING);
                optional double load;
                required int64 seed;
                required binary task (STRING);
                required binary user (STRING);
                required double submit_seconds;
                optional double start_seconds;
                optional double end_seconds;
                optional double work_seconds;
                required int32 attempts;
                optional binary node (STRING);
                required double gpus;
                required binary state (STRING);
                optional double energy_kwh;
            }
            """);

    private final ParquetWriter<Row> writer;

    private record Row(RunKey key, TaskOutcome task) {}

    TasksParquet(Path file) throws IOException {
        writer = new Builder(new LocalOutputFile(file))
                .withConf(new PlainParquetConfiguration())
                .withCodecFactory(new ZstdCodecs())
                .withCompressionCodec(CompressionCodecName.ZSTD)
                .withWriteMode(ParquetFileWriter.Mode.OVERWRITE)
                .build();
    }

    void add(RunResult result) throws IOException {
        for (TaskOutcome task : result.tasks()) {
            writer.write(new Row(result.key(), task));
        }
    }

    @Override
    public void close() throws IOException {
        writer.close();
    }

    private static final class Builder extends ParquetWriter.Builder<Row, Builder> {

        Builder(OutputFile file) {
            super(file);
        }

        @Override
        protected Builder self() {
            return this;
        }

        @Override
        protected WriteSupport<Row> getWriteSupport(ParquetConfiguration configuration) {
            return new Rows();
        }

        @Override
        @SuppressWarnings("deprecation") // Deprecated, but still abstract.
        protected WriteSupport<Row> getWriteSupport(Configuration configuration) {
            return new Rows();
        }
    }

    /** Writes the columns of a row in the order of the schema. */
    private static final class Rows extends WriteSupport<Row> {

        private @Nullable RecordConsumer consumer;
        private int column;

        @Override
        public WriteContext init(ParquetConfiguration configuration) {
            return new WriteContext(SCHEMA, Map.of());
        }

        @Override
        @SuppressWarnings("deprecation") // Deprecated, but still abstract.
        public WriteContext init(Configuration configuration) {
            return new WriteContext(SCHEMA, Map.of());
        }

        @Override
        public void prepareForWrite(RecordConsumer recordConsumer) {
            consumer = recordConsumer;
        }

        @Override
        public void write(Row row) {
            RunKey key = row.key();
            TaskOutcome task = row.task();
            column = 0;
            consumer().startMessage();
            put(key.experiment());
            put(key.workload());
            put(key.policy());
            put(key.load() == null ? null : Double.valueOf(key.load().doubleValue()));
            put(key.seed());
            put(task.taskId());
            put(task.user());
            put(task.submitSeconds());
            put(task.startSeconds());
            put(task.endSeconds());
            put(task.workSeconds());
            put(task.attempts());
            put(task.nodes().isEmpty() ? null : String.join(NODE_SEPARATOR, task.nodes()));
            put(task.gpus());
            put(task.state().name().toLowerCase(Locale.ROOT));
            put(task.energyKwh());
            consumer().endMessage();
        }

        private void put(@Nullable Object value) {
            if (value != null) {
                String name = SCHEMA.getFieldName(column);
                consumer().startField(name, column);
                switch (value) {
                    case String text -> consumer().addBinary(Binary.fromString(text));
                    case Double number -> consumer().addDouble(number);
                    case Long number -> consumer().addLong(number);
                    case Integer number -> consumer().addInteger(number);
                    default -> throw new IllegalArgumentException("No column holds a " + value.getClass());
                }
                consumer().endField(name, column);
            }
            column++;
        }

        private RecordConsumer consumer() {
            if (consumer == null) {
                throw new IllegalStateException("Not prepared");
            }
            return consumer;
        }
    }
}
