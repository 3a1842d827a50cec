package io.gpuctl.audit.rules;

import java.util.SortedMap;

/**
 * The changelogs of the views' stores in one partition, all as of one commit: the newest value of each key.
 *
 * @param index the keys of the index; the values have no meaning
 */
public record StoredViews(
        SortedMap<String, Stored> pools,
        SortedMap<String, Stored> nodes,
        SortedMap<String, Stored> holds,
        SortedMap<String, Stored> tasks,
        SortedMap<String, Stored> users,
        SortedMap<String, Stored> index) {}
