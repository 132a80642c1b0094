package io.reflux.nn;

import ai.djl.ndarray.NDArray;
import io.reflux.image.ImageShape;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.IntToDoubleFunction;

/**
 * Differentiable siamese augmentation, mode S (Zhao and Bilen, ICML 2021): one family a batch, parameters drawn for
 * each image. Every operation is an affine map of the images [B,C,H,W] for given parameters, so gradients pass through.
 *
 * <p>Drawing is separate from applying: a matching run replays the draws of its sweep in the adjoint.
 */
public final class Augmentation {
    private static final double BRIGHTNESS = 1.0;
    private static final double SATURATION = 2.0;
    private static final double CONTRAST = 0.5;
    private static final double CROP = 0.125;
    private static final double CUTOUT = 0.5;
    private static final double SCALE = 1.2;
    private static final double ROTATION_DEGREES = 15;

    private final List<AugmentationFamily> families;
    private final ImageShape shape;

    public Augmentation(Set<AugmentationFamily> families, ImageShape shape) {
        this.families = families.stream().sorted().toList();
        this.shape = shape;
    }

    /** Draws a family and its parameters for {@code images} images; empty when there are no families. */
    public Optional<AugmentationDraw> draw(int images, Draws draws) {
        if (families.isEmpty()) {
            return Optional.empty();
        }
        AugmentationFamily family = families.get(draws.below(families.size()));
        return Optional.of(new AugmentationDraw(family, parameters(family, images, draws)));
    }

    /** Applies a draw to images [B,C,H,W]; the draw holds B values a parameter. */
    public static NDArray apply(NDArray images, AugmentationDraw draw) {
        switch (draw.family()) {
            case COLOR:
                return color(images, draw);
            case CROP:
                return Sampling.translate(images, draw.parameter("shift_y"), draw.parameter("shift_x"));
            case CUTOUT:
                return cutout(images, draw);
            case FLIP:
                return flip(images, draw.parameter("flip"));
            case SCALE:
                return Sampling.scale(images, draw.parameter("scale_x"), draw.parameter("scale_y"));
            case ROTATE:
                return Sampling.rotate(images, draw.parameter("angle"));
        }
        throw new IllegalArgumentException("unknown family " + draw.family());
    }

    private Map<String, float[]> parameters(AugmentationFamily family, int images, Draws draws) {
        Map<String, float[]> drawn = new LinkedHashMap<>();
        switch (family) {
            case COLOR:
                drawn.put("brightness", fill(images, i -> draws.uniform()));
                drawn.put("saturation", fill(images, i -> draws.uniform()));
                drawn.put("contrast", fill(images, i -> draws.uniform()));
                break;
            case CROP:
                drawn.put("shift_y", shifts(images, shape.height(), draws));
                drawn.put("shift_x", shifts(images, shape.width(), draws));
                break;
            case CUTOUT:
                drawn.put("offset_y", offsets(images, shape.height(), draws));
                drawn.put("offset_x", offsets(images, shape.width(), draws));
                break;
            case FLIP:
                drawn.put("flip", fill(images, i -> draws.uniform() < 0.5f ? 1f : 0f));
                break;
            case SCALE:
                drawn.put("scale_x", fill(images, i -> draws.uniform(1 / SCALE, SCALE)));
                drawn.put("scale_y", fill(images, i -> draws.uniform(1 / SCALE, SCALE)));
                break;
            case ROTATE:
                double bound = Math.toRadians(ROTATION_DEGREES);
                drawn.put("angle", fill(images, i -> draws.uniform(-bound, bound)));
                break;
        }
        return drawn;
    }

    private static float[] shifts(int images, int side, Draws draws) {
        int most = (int) Math.floor(side * CROP + 0.5);
        return fill(images, i -> draws.below(2 * most + 1) - most);
    }

    private static float[] offsets(int images, int side, Draws draws) {
        int hole = (int) Math.floor(side * CUTOUT + 0.5);
        return fill(images, i -> draws.below(side + 1 - hole % 2));
    }

    private static float[] fill(int images, IntToDoubleFunction value) {
        float[] values = new float[images];
        for (int i = 0; i < images; i++) {
            values[i] = (float) value.applyAsDouble(i);
        }
        return values;
    }

    private static NDArray color(NDArray images, AugmentationDraw draw) {
        NDArray brightness = Sampling.perImage(images, draw.parameter("brightness"), 4);
        NDArray saturation = Sampling.perImage(images, draw.parameter("saturation"), 4);
        NDArray contrast = Sampling.perImage(images, draw.parameter("contrast"), 4);
        NDArray bright = images.add(Scalars.times(brightness.sub(0.5), BRIGHTNESS));
        NDArray gray = bright.mean(new int[] {1}, true);
        NDArray saturated =
                bright.sub(gray).mul(Scalars.times(saturation, SATURATION)).add(gray);
        NDArray level = saturated
                .reshape(images.getShape().get(0), -1)
                .mean(new int[] {1}, true)
                .reshape(-1, 1, 1, 1);
        return saturated.sub(level).mul(contrast.add(CONTRAST)).add(level);
    }

    private static NDArray cutout(NDArray images, AugmentationDraw draw) {
        NDArray rows = hole(images, draw.parameter("offset_y"), 2);
        NDArray columns = hole(images, draw.parameter("offset_x"), 3);
        return images.mul(rows.mul(columns).neg().add(1));
    }

    /** 1 inside the hole along one axis, 0 outside; [B,1,H,1] or [B,1,1,W]. */
    private static NDArray hole(NDArray images, float[] offsets, int axis) {
        int side = Math.toIntExact(images.getShape().get(axis));
        int hole = (int) Math.floor(side * CUTOUT + 0.5);
        float[] mask = new float[offsets.length * side];
        for (int b = 0; b < offsets.length; b++) {
            int first = Math.round(offsets[b]) - hole / 2;
            int from = Math.max(0, Math.min(side - 1, first));
            int to = Math.max(0, Math.min(side - 1, first + hole - 1));
            for (int i = from; i <= to; i++) {
                mask[b * side + i] = 1;
            }
        }
        return Sampling.onAxis(images, mask, axis);
    }

    private static NDArray flip(NDArray images, float[] flips) {
        NDArray flipped = Sampling.perImage(images, flips, 4);
        return images.mul(flipped.neg().add(1)).add(images.flip(3).mul(flipped));
    }
}
