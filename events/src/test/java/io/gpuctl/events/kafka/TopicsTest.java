package io.gpuctl.events.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import io.gpuctl.events.PoolScoped;
import io.gpuctl.events.kafka.Topic.Partitioning;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.List;
import java.util.stream.Stream;
import org.apache.kafka.common.config.TopicConfig;
import org.junit.jupiter.api.Test;

class TopicsTest {
    @Test
    void allAreListed() {
        List<Topic<?>> declared = Stream.of(Topics.class.getDeclaredFields())
                .filter(field -> field.getType() == Topic.class && Modifier.isPublic(field.getModifiers()))
                .<Topic<?>>map(TopicsTest::valueOf)
                .toList();

        assertThat(Topics.ALL).containsExactlyInAnyOrderElementsOf(declared);
    }

    @Test
    void areFoundByTheirNames() {
        assertThat(Topics.ALL).extracting(Topic::name).doesNotHaveDuplicates();
        assertThat(Topics.ALL)
                .allSatisfy(topic ->
                        assertThat(Topics.named(topic.name()).orElseThrow()).isSameAs(topic));
        assertThat(Topics.named("no-such-topic")).isEmpty();
    }

    @Test
    void areNamedInKebabCase() {
        assertThat(Topics.ALL).extracting(Topic::name).allMatch(name -> name.matches("[a-z]+(-[a-z]+)*"));
    }

    /** Otherwise a pool's records would not meet in one Streams task. */
    @Test
    void thoseByPoolHaveTheSameNumberOfPartitionsAndRecordsThatSayTheirPool() {
        assertThat(Topics.ALL)
                .filteredOn(topic -> topic.partitioning() == Partitioning.BY_POOL)
                .hasSize(7)
                .allSatisfy(topic -> {
                    assertThat(topic.partitions()).isEqualTo(Topics.POOL_PARTITIONS);
                    assertThat(PoolScoped.class).isAssignableFrom(topic.valueType());
                });
    }

    @Test
    void theFactsAreKeptForEver() {
        assertThat(Topics.CLUSTER_EVENTS.configs())
                .containsEntry(TopicConfig.RETENTION_MS_CONFIG, "-1")
                .doesNotContainKey(TopicConfig.CLEANUP_POLICY_CONFIG);
    }

    @Test
    void everyOtherTopicHasALimit() {
        assertThat(Topics.ALL)
                .filteredOn(topic -> !topic.equals(Topics.CLUSTER_EVENTS))
                .allMatch(topic -> topic.configs().containsKey(TopicConfig.RETENTION_MS_CONFIG)
                        || "compact".equals(topic.configs().get(TopicConfig.CLEANUP_POLICY_CONFIG)));
    }

    private static Topic<?> valueOf(Field field) {
        try {
            return (Topic<?>) field.get(null);
        } catch (IllegalAccessException e) {
            throw new LinkageError(e.getMessage(), e);
        }
    }
}
