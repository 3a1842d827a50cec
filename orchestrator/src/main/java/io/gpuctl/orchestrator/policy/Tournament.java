package io.gpuctl.orchestrator.policy;

import java.util.Arrays;

/**
 * An array of numbers that always knows the first index of the highest number. It is a tree of maxima: each level holds
 * the maxima of blocks of the level below. A block is as long as two cache lines, which makes the tree flat and small;
 * updates and queries take time in proportion to the logarithm of the length.
 */
final class Tournament {
    private static final int BLOCK = 16;

    /** The first level holds the numbers; the last level is a single block. */
    private final double[][] levels;

    /** All numbers start as negative infinity. */
    Tournament(int length) {
        int count = 1;
        for (int blocks = length; blocks > BLOCK; blocks = blocksOf(blocks)) {
            count++;
        }
        levels = new double[count][];
        int size = length;
        for (int level = 0; level < count; level++) {
            levels[level] = new double[size];
            Arrays.fill(levels[level], Double.NEGATIVE_INFINITY);
            size = blocksOf(size);
        }
    }

    private static int blocksOf(int length) {
        return (length + BLOCK - 1) / BLOCK;
    }

    void set(int index, double value) {
        int at = index;
        double now = value;
        for (int level = 0; ; level++) {
            double before = levels[level][at];
            levels[level][at] = now;
            if (level == levels.length - 1) {
                return;
            }
            int block = at / BLOCK;
            double highest = levels[level + 1][block];
            if (now > highest) {
                at = block;
            } else if (before == highest && now < before) {
                now = max(levels[level], block);
                at = block;
            } else {
                return;
            }
        }
    }

    private static double max(double[] numbers, int block) {
        int end = Math.min(numbers.length, (block + 1) * BLOCK);
        double highest = numbers[block * BLOCK];
        for (int i = block * BLOCK + 1; i < end; i++) {
            highest = Math.max(highest, numbers[i]);
        }
        return highest;
    }

    /** Returns the first index of the highest number. The length must be at least 1. */
    int indexOfMax() {
        int block = 0;
        for (int level = levels.length - 1; level >= 0; level--) {
            block = firstOfMax(levels[level], block);
        }
        return block;
    }

    private static int firstOfMax(double[] numbers, int block) {
        int end = Math.min(numbers.length, (block + 1) * BLOCK);
        int first = block * BLOCK;
        for (int i = first + 1; i < end; i++) {
            if (numbers[i] > numbers[first]) {
                first = i;
            }
        }
        return first;
    }
}
