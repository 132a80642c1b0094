package io.reflux.nn;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;

/**
 * Geometric resampling of images [B,C,H,W] with one transformation an image, zeros outside, written with gathers so
 * that its gradient is a scatter.
 *
 * <p>Scaling and rotation map output to input coordinates in [−1, 1] with the corners' centres at ±1
 * (align_corners), and interpolate bilinearly (Jaderberg et al., NIPS 2015). Coordinates are float64: in float32 their
 * rounding is the largest error of a whole unrolled student.
 */
final class Sampling {
    private Sampling() {}

    /** out[i,j] = in[i + shiftRows, j + shiftColumns]. */
    static NDArray translate(NDArray images, float[] shiftRows, float[] shiftColumns) {
        NDArray rows = axis(images, 2).add(coordinates(images, shiftRows));
        NDArray columns = axis(images, 3).add(coordinates(images, shiftColumns));
        return corner(images, flat(images), rows, columns).reshape(images.getShape());
    }

    /** Samples at (x·scaleX, y·scaleY): a factor above one shrinks the picture. */
    static NDArray scale(NDArray images, float[] scaleX, float[] scaleY) {
        NDArray x = unit(images, 3).mul(coordinates(images, scaleX));
        NDArray y = unit(images, 2).mul(coordinates(images, scaleY));
        return bilinear(images, pixels(images, y, 2), pixels(images, x, 3));
    }

    /** Samples at (x cos φ − y sin φ, x sin φ + y cos φ). */
    static NDArray rotate(NDArray images, float[] angles) {
        NDArray angle = coordinates(images, angles);
        NDArray x = unit(images, 3);
        NDArray y = unit(images, 2);
        NDArray turnedX = x.mul(angle.cos()).sub(y.mul(angle.sin()));
        NDArray turnedY = x.mul(angle.sin()).add(y.mul(angle.cos()));
        return bilinear(images, pixels(images, turnedY, 2), pixels(images, turnedX, 3));
    }

    /** One value an image, shaped [B,1,…] with this many axes, of the images' type. */
    static NDArray perImage(NDArray images, float[] values, int axes) {
        long[] shape = new long[axes];
        java.util.Arrays.fill(shape, 1);
        shape[0] = values.length;
        return create(images, values, new Shape(shape));
    }

    /** Values [B,side] along one axis of the images, shaped for broadcasting over the others. */
    static NDArray onAxis(NDArray images, float[] values, int axis) {
        long side = images.getShape().get(axis);
        long batch = values.length / side;
        return create(images, values, axis == 2 ? new Shape(batch, 1, side, 1) : new Shape(batch, 1, 1, side));
    }

    private static NDArray bilinear(NDArray images, NDArray rows, NDArray columns) {
        Shape shape = images.getShape();
        Shape grid = new Shape(shape.get(0), shape.get(2), shape.get(3));
        NDArray top = rows.floor();
        NDArray left = columns.floor();
        NDArray down = weights(images, rows.sub(top), grid);
        NDArray right = weights(images, columns.sub(left), grid);
        NDArray up = down.neg().add(1);
        NDArray along = right.neg().add(1);
        NDArray flat = flat(images);
        return corner(images, flat, top, left)
                .mul(up.mul(along))
                .add(corner(images, flat, top, left.add(1)).mul(up.mul(right)))
                .add(corner(images, flat, top.add(1), left).mul(down.mul(along)))
                .add(corner(images, flat, top.add(1), left.add(1)).mul(down.mul(right)))
                .reshape(shape);
    }

    private static NDArray weights(NDArray images, NDArray fractions, Shape grid) {
        return fractions
                .toType(images.getDataType(), false)
                .broadcast(grid)
                .reshape(images.getShape().get(0), 1, -1);
    }

    /** The pixels [B,C,H·W] at whole rows and columns (broadcast to [B,H,W]), zero where they lie outside. */
    private static NDArray corner(NDArray images, NDArray flat, NDArray rows, NDArray columns) {
        Shape shape = images.getShape();
        long height = shape.get(2);
        long width = shape.get(3);
        NDArray inside = rows.gte(0)
                .logicalAnd(rows.lte(height - 1))
                .logicalAnd(columns.gte(0).logicalAnd(columns.lte(width - 1)))
                .toType(images.getDataType(), false)
                .reshape(shape.get(0), 1, height * width);
        NDArray index = Scalars.times(rows.clip(0, height - 1), width)
                .add(columns.clip(0, width - 1))
                .toType(DataType.INT64, false)
                .reshape(shape.get(0), 1, height * width)
                .broadcast(flat.getShape());
        return flat.gather(index, 2).mul(inside);
    }

    private static NDArray flat(NDArray images) {
        Shape shape = images.getShape();
        return images.reshape(shape.get(0), shape.get(1), shape.get(2) * shape.get(3));
    }

    /** 0, 1, …, side − 1 along an axis of the images, shaped [1,H,1] or [1,1,W]. */
    private static NDArray axis(NDArray images, int axis) {
        long side = images.getShape().get(axis);
        NDArray values = images.getManager().arange(0f, side, 1f).toType(DataType.FLOAT64, false);
        return axis == 2 ? values.reshape(1, side, 1) : values.reshape(1, 1, side);
    }

    /** The same positions in [−1, 1]. */
    private static NDArray unit(NDArray images, int axis) {
        return Scalars.times(axis(images, axis), 2.0 / (images.getShape().get(axis) - 1))
                .sub(1);
    }

    private static NDArray pixels(NDArray images, NDArray unit, int axis) {
        return Scalars.times(unit.add(1), (images.getShape().get(axis) - 1) / 2.0);
    }

    /** One value an image, [B,1,1] in float64. */
    private static NDArray coordinates(NDArray images, float[] values) {
        return images.getManager()
                .create(values, new Shape(values.length, 1, 1))
                .toType(DataType.FLOAT64, false);
    }

    private static NDArray create(NDArray images, float[] values, Shape shape) {
        NDManager manager = images.getManager();
        return manager.create(values, shape).toType(images.getDataType(), false);
    }
}
