/** What an administrator of a Kafka cluster does for gpuctl: the topics, and the rights of its users. For one thread. */
@NullMarked
package io.gpuctl.cli.admin;

import org.jspecify.annotations.NullMarked;
