package io.gpuctl.audit.rules;

import java.util.Iterator;

/**
 * The records of one partition of a topic, in the order of their offsets.
 *
 * @param beginOffset the first that is kept; older ones are gone, and nothing can be said about them
 */
public record Log<V>(String topic, int partition, long beginOffset, Iterator<Entry<V>> entries) {}
