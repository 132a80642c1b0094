package io.reflux.image;

/**
 * The shape [C,H,W] of an image.
 *
 * @param channels 1 (gray) or 3 (RGB)
 * @param height pixels, positive
 * @param width pixels, positive
 */
public record ImageShape(int channels, int height, int width) {
    public ImageShape {
        if (channels != 1 && channels != 3) {
            throw new IllegalArgumentException("an image has 1 or 3 channels, not " + channels);
        }
        if (height < 1 || width < 1 || (long) channels * height * width > Integer.MAX_VALUE - 8) {
            throw new IllegalArgumentException(
                    "an image of " + channels + "," + height + "," + width + " is empty or larger than 2 GiB");
        }
    }

    /** Bytes of a u8 image: C·H·W. */
    public int size() {
        return channels * height * width;
    }

    /** Pixels of a channel: H·W. */
    public int plane() {
        return height * width;
    }

    /**
     * Reads {@code C,H,W}, for example {@code 3,32,32}.
     *
     * @throws IllegalArgumentException if the text is anything else
     */
    public static ImageShape parse(String text) {
        String[] sizes = text.split(",", -1);
        if (sizes.length != 3) {
            throw new IllegalArgumentException(notAShape(text));
        }
        int channels;
        int height;
        int width;
        try {
            channels = Integer.parseInt(sizes[0].trim());
            height = Integer.parseInt(sizes[1].trim());
            width = Integer.parseInt(sizes[2].trim());
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(notAShape(text), e);
        }
        return new ImageShape(channels, height, width);
    }

    private static String notAShape(String text) {
        return "'" + text + "' is not a shape C,H,W such as 3,32,32";
    }

    @Override
    public String toString() {
        return channels + "," + height + "," + width;
    }
}
