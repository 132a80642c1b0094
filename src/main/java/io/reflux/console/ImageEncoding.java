package io.reflux.console;

import io.reflux.format.Npy;
import io.reflux.format.Tensor;
import io.reflux.image.ImageShape;
import io.reflux.image.Png;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** How {@code produce} encodes an image, u8 [C,H,W]. */
public enum ImageEncoding {
    RAW("application/octet-stream") {
        @Override
        public byte[] encode(ImageShape shape, byte[] pixels) {
            return pixels;
        }

        @Override
        @Nullable
        public String shapeHeader(ImageShape shape) {
            return shape.toString();
        }
    },
    NPY("application/x-npy") {
        @Override
        public byte[] encode(ImageShape shape, byte[] pixels) {
            return Npy.encode(Tensor.of(pixels, shape.channels(), shape.height(), shape.width()));
        }
    },
    PNG("image/png") {
        @Override
        public byte[] encode(ImageShape shape, byte[] pixels) {
            return Png.encode(shape, pixels);
        }
    };

    private final String contentType;

    ImageEncoding(String contentType) {
        this.contentType = contentType;
    }

    public String contentType() {
        return contentType;
    }

    public abstract byte[] encode(ImageShape shape, byte[] pixels);

    /** Raw pixels say their shape in a header; the other encodings say it themselves. */
    @Nullable
    public String shapeHeader(ImageShape shape) {
        return null;
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
