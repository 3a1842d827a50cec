package io.gpuctl.cli.admin;

import static org.assertj.core.api.Assertions.assertThat;

import io.gpuctl.cli.CommandRun;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AclsCommandTest {
    @Test
    void printsATableWithPrefixesAsPeopleWriteThem() {
        assertThat(CommandRun.local("kafka", "acls").out().lines())
                .anyMatch(line -> line.matches("User:gpuctl-nodes +topic +placements +Read, Describe, DescribeConfigs"))
                .anyMatch(line -> line.matches("User:gpuctl-api +group +gpuctl-orchestrator +Describe"))
                .anyMatch(line -> line.matches(
                        "User:gpuctl-orchestrator +transactionalId +gpuctl-orchestrator-\\* +Write, Describe"));
    }

    @Test
    void printsCommandsForKafkasOwnTool() {
        assertThat(CommandRun.local("kafka", "acls", "-o", "commands", "--user", "api=User:CN=rest,O=it's")
                        .out())
                .contains("kafka-acls.sh --bootstrap-server \"$KAFKA\" --command-config \"$KAFKA_CONFIG\" --add"
                        + " --allow-principal 'User:CN=rest,O=it'\\''s' --operation Read --operation Write --operation Create"
                        + " --operation Describe --operation DescribeConfigs --topic gpuctl-views-"
                        + " --resource-pattern-type prefixed\n")
                .contains("--allow-principal 'User:gpuctl-deployer' --operation DescribeConfigs --cluster\n")
                .doesNotContain("User:gpuctl-api");
    }

    @Test
    void printsUsersForStrimzi() {
        assertThat(CommandRun.local("kafka", "acls", "-o", "strimzi").out())
                .startsWith("""
                        apiVersion: kafka.strimzi.io/v1
                        kind: KafkaUser
                        metadata:
                          name: gpuctl-orchestrator
                        spec:
                          authorization:
                            type: simple
                            acls:
                            - resource:
                                type: topic
                                name: task-commands
                                patternType: literal
                              operations:
                              - Read
                              - Describe
                              - DescribeConfigs
                        """)
                .contains(
                        "---\napiVersion: kafka.strimzi.io/v1\n",
                        "    - resource:\n        type: cluster\n      operations:");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--user=boss=User:x | --user is for 'boss', but must be for one of [orchestrator, api, nodes, auditor, deployer]",
                "--user=api=rest | --user api is 'rest', but must be User:NAME",
                "--user=api=User: | --user api is 'User:', but must be User:NAME",
                "--prune | --prune requires --apply"
            })
    void saysWhatIsWrongWithTheCommandLine(String option, String message) {
        CommandRun refused = CommandRun.local("kafka", "acls", option);

        assertThat(refused.exitCode()).isEqualTo(2);
        assertThat(refused.err()).contains(message);
    }
}
