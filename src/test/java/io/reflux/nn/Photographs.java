package io.reflux.nn;

import io.reflux.image.ImageShape;

/** Images whose neighbouring pixels resemble each other, as those of photographs do. */
public final class Photographs {
    private Photographs() {}

    /** u8 [n,C,H,W]. */
    public static byte[] taken(int count, ImageShape shape, long seed) {
        byte[] pixels = new byte[count * shape.size()];
        for (int i = 0; i < count; i++) {
            Draws draws = Draws.of(seed, "photograph", i, 0);
            float brightness = 40 + 170 * draws.uniform();
            float slope = 60 * (draws.uniform() - 0.5f);
            for (int p = 0; p < shape.size(); p++) {
                float column = (float) (p % shape.width()) / shape.width();
                float value = brightness + slope * column + 30 * (draws.uniform() - 0.5f);
                pixels[i * shape.size() + p] = (byte) Math.max(0, Math.min(255, Math.round(value)));
            }
        }
        return pixels;
    }
}
