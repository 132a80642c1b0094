package io.reflux.image;

import java.util.Locale;

/** The figures and textures that are drawn: each a coverage in [0, 1] over the plane, about the unit disc. */
enum Figure {
    DISC {
        @Override
        double coverage(double x, double y, double softness) {
            return inside(0.9 - radius(x, y), softness);
        }
    },
    RING {
        @Override
        double coverage(double x, double y, double softness) {
            return inside(0.22 - Math.abs(radius(x, y) - 0.78), softness);
        }
    },
    SQUARE {
        @Override
        double coverage(double x, double y, double softness) {
            return inside(0.8 - Math.max(Math.abs(x), Math.abs(y)), softness);
        }
    },
    TRIANGLE {
        @Override
        double coverage(double x, double y, double softness) {
            double sides = Math.max(-y, y / 2 + Math.abs(x) * HALF_ROOT_3);
            return inside(0.52 - sides, softness);
        }
    },
    CROSS {
        @Override
        double coverage(double x, double y, double softness) {
            double arm = Math.min(Math.abs(x), Math.abs(y));
            return Math.min(inside(0.24 - arm, softness), inside(1 - Math.max(Math.abs(x), Math.abs(y)), softness));
        }
    },
    STRIPES {
        @Override
        double coverage(double x, double y, double softness) {
            return inside(StrictMath.sin(6.5 * y) * 0.15, softness) * window(x, y, softness);
        }
    },
    CHECKERBOARD {
        @Override
        double coverage(double x, double y, double softness) {
            double wave = StrictMath.sin(5 * x) * StrictMath.sin(5 * y);
            return inside(wave * 0.2, softness) * window(x, y, softness);
        }
    },
    DOTS {
        @Override
        double coverage(double x, double y, double softness) {
            double wave = StrictMath.cos(6.8 * x) + StrictMath.cos(6.8 * y);
            return inside((wave - 0.75) * 0.15, softness) * window(x, y, softness);
        }
    },
    SPIRAL {
        @Override
        double coverage(double x, double y, double softness) {
            double turn = StrictMath.sin(StrictMath.atan2(y, x) + 8.5 * radius(x, y));
            return Math.min(inside(turn * 0.12, softness), inside(1 - radius(x, y), softness));
        }
    },
    BLOB {
        @Override
        double coverage(double x, double y, double softness) {
            return StrictMath.exp(-3.2 * (x * x + 1.6 * y * y));
        }
    };

    private static final double HALF_ROOT_3 = 0.8660254037844386;

    /**
     * How much of a pixel the figure covers.
     *
     * @param softness half the width of an edge, in units of the figure
     */
    abstract double coverage(double x, double y, double softness);

    String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** 0 outside, 1 inside, straight between over an edge of twice the softness. */
    static double inside(double depth, double softness) {
        return Math.max(0, Math.min(1, 0.5 + depth / (2 * softness)));
    }

    static double radius(double x, double y) {
        return Math.sqrt(x * x + y * y);
    }

    /** Textures end somewhere too, with round corners. */
    static double window(double x, double y, double softness) {
        double x4 = x * x * x * x;
        double y4 = y * y * y * y;
        return inside(1.05 - Math.sqrt(Math.sqrt(x4 + y4)), softness);
    }
}
