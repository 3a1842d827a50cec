package io.gpuctl.events;

import java.util.ArrayList;
import java.util.List;

/**
 * Lays a gang of whole GPUs over nodes by the rule of the published simulators (Zhao et al., SIGCOMM 2022, and those
 * before it). A gang that could fit on one node goes to the first node with room. A larger gang gets as many completely
 * empty nodes as its GPUs fill; the remaining GPUs are on the first other node with room. Other layouts are not used,
 * so that no more nodes than needed communicate.
 *
 * <p>If nodes differ in size, the empty nodes are all of one size; the largest size is tried first.
 */
public final class GangLayout {
    private GangLayout() {}

    /** The nodes, in the order in which they are examined. */
    public interface Sites {
        int size();

        /** Returns how many GPUs the node has, free or not. */
        int gpus(int site);

        /**
         * Returns whether the node, if empty, could hold that many GPUs of the gang with all other resources that they
         * need.
         */
        boolean couldHold(int site, int gpus);

        /**
         * Returns whether the node has room now for that many GPUs of the gang with all other resources that they need.
         */
        boolean hasRoom(int site, int gpus);
    }

    /** The number of a gang's GPUs on one node. */
    public record Part(int site, int gpus) {}

    /** Returns whether no single node could hold the gang. */
    public static boolean spans(int gpus, Sites sites) {
        for (int site = 0; site < sites.size(); site++) {
            if (sites.couldHold(site, gpus)) {
                return false;
            }
        }
        return true;
    }

    /**
     * Returns the nodes for a gang of at least one GPU, full nodes first; empty if there is no room for the gang now.
     *
     * @param nodesMax how many nodes the gang may span
     */
    public static List<Part> lay(int gpus, int nodesMax, Sites sites) {
        if (!spans(gpus, sites)) {
            int site = firstWithRoom(gpus, List.of(), sites);
            return site < 0 ? List.of() : List.of(new Part(site, gpus));
        }
        for (int size = largestBelow(Integer.MAX_VALUE, sites); size > 0; size = largestBelow(size, sites)) {
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

    /** Returns the first site with room that is not taken yet; -1 if there is none. */
    private static int firstWithRoom(int gpus, List<Part> taken, Sites sites) {
        for (int site = 0; site < sites.size(); site++) {
            int candidate = site;
            if (sites.hasRoom(site, gpus) && taken.stream().noneMatch(part -> part.site() == candidate)) {
                return site;
            }
        }
        return -1;
    }

    /** Returns the largest number of GPUs that a node has and that is below {@code bound}; 0 if there is none. */
    private static int largestBelow(int bound, Sites sites) {
        int largest = 0;
        for (int site = 0; site < sites.size(); site++) {
            int gpus = sites.gpus(site);
            if (gpus < bound && gpus > largest) {
                largest = gpus;
            }
        }
        return largest;
    }
}
