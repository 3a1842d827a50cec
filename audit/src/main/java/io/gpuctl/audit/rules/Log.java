package io.gpuctl.audit.rules;

import java.util.Iterator;

/**
 * The records of one partition of a topic, in the order of their offsets.
 *
 * @param beginOffset the first retained offset; nothing is known about older records
 */
public record Log<V>(String topic, int partition, long beginOffset, Iterator<Entry<V>> entries) {}
