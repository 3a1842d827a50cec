#!/usr/bin/env bash
# Kafka's tool kafka-configs, at the same path as in apache/kafka.
set -euo pipefail
export CLASSPATH='/opt/kafka/libs/*'
exec "${JAVA_HOME:+$JAVA_HOME/bin/}java" -Xmx128m -XX:TieredStopAtLevel=1 \
    -Dlog4j2.configurationFile=/etc/kafka/docker/tools-log4j2.yaml kafka.admin.ConfigCommand "$@"
