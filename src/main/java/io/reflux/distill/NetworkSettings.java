package io.reflux.distill;

/**
 * The ConvNet that is distilled with: {@code depth} blocks of {@code width} channels.
 *
 * @param width channels of every block
 * @param depth blocks; 0 chooses by resolution, ⌊log₂ side⌋ − 2 with 28 counted as 32
 */
public record NetworkSettings(int width, int depth) {
    public NetworkSettings {
        Settings.require(width >= 1, "network.width", width, "at least 1");
        Settings.require(depth >= 0 && depth <= 5, "network.depth", depth, "0 (by resolution) to 5");
    }
}
