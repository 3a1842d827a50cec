package io.gpuctl.events;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/**
 * How a gang of whole GPUs is laid over nodes: the rule of the published simulators (Zhao et al., SIGCOMM 2022, and those
 * before it). A gang that could fit on one node goes on one: the first with room. A larger one gets as many completely empty
 * nodes as its GPUs fill, and what remains on the first other node with room; never anything else, so that no more
 * nodes than needed talk to each other.
 *
 * <p>Where nodes differ, the empty ones are of one size, and the largest size comes first.
 */
public final class GangLayout {
    private GangLayout() {}

    /** Nodes, in the order in which they are looked at. */
    public interface Sites {
        int size();

        /** How many GPUs the node has, free or not. */
        int gpus(int site);

        /** Whether the node could hold that many GPUs, with all that goes with them, if it were empty. */
        boolean couldHold(int site, int gpus);

        /** Whether that many GPUs are free there now, with all that goes with them. */
        boolean hasRoom(int site, int gpus);
    }

    /** How many GPUs of a gang are on one node. */
    public record Part(int site, int gpus) {}

    /** Whether the gang is larger than what each of the nodes could hold. */
    public static boolean spans(int gpus, Sites sites) {
        for (int site = 0; site < sites.size(); site++) {
            if (sites.couldHold(site, gpus)) {
                return false;
            }
        }
        return true;
    }

    /**
     * The nodes for a gang of at least one GPU, the full ones first; empty if there is no room for it now.
     *
     * @param nodesMax how many it may span
     */
    public static List<Part> lay(int gpus, int nodesMax, Sites sites) {
        if (!spans(gpus, sites)) {
            int site = firstWithRoom(gpus, List.of(), sites);
            return site < 0 ? List.of() : List.of(new Part(site, gpus));
        }
        for (int size : sizes(sites)) {
            List<Part> parts = Math.ceilDiv(gpus, size) <= nodesMax ? layOnSize(gpus, size, sites) : List.of();
            if (!parts.isEmpty()) {
                return parts;
            }
        }
        return List.of();
    }

    private static List<Part> layOnSize(int gpus, int size, Sites sites) {
        List<Part> parts = new ArrayList<>();
        for (int site = 0; site < sites.size() && parts.size() < gpus / size; site++) {
            if (sites.gpus(site) == size && sites.hasRoom(site, size)) {
                parts.add(new Part(site, size));
            }
        }
        if (parts.size() < gpus / size) {
            return List.of();
        }
        int rest = gpus % size;
        if (rest > 0) {
            int site = firstWithRoom(rest, parts, sites);
            if (site < 0) {
                return List.of();
            }
            parts.add(new Part(site, rest));
        }
        return parts;
    }

    /** -1 if there is none. */
    private static int firstWithRoom(int gpus, List<Part> taken, Sites sites) {
        for (int site = 0; site < sites.size(); site++) {
            int candidate = site;
            if (sites.hasRoom(site, gpus) && taken.stream().noneMatch(part -> part.site() == candidate)) {
                return site;
            }
        }
        return -1;
    }

    /** The largest first; those without GPUs are none. */
    private static Iterable<Integer> sizes(Sites sites) {
        TreeSet<Integer> sizes = new TreeSet<>();
        for (int site = 0; site < sites.size(); site++) {
            if (sites.gpus(site) > 0) {
                sizes.add(sites.gpus(site));
            }
        }
        return sizes.descendingSet();
    }
}
