package io.reflux.image;

import java.util.Arrays;
import java.util.List;

/** Many small images on one PNG: a grid on white, one list of images a row. */
public final class ContactSheet {
    private static final int MARGIN = 2;
    private static final int GAP = 12;
    private static final byte WHITE = (byte) 255;

    private ContactSheet() {}

    /**
     * The sheet of these rows, which may differ in length.
     *
     * @param shape of every image
     * @param rows u8 images [C,H,W]
     * @param scale pixels of the sheet for one of an image, in each direction
     */
    public static byte[] png(ImageShape shape, List<List<byte[]>> rows, int scale) {
        return sideBySide(shape, rows, List.of(), scale);
    }

    /** The sheet of two groups with a gap between them, row beside row: real images beside distilled ones. */
    public static byte[] sideBySide(ImageShape shape, List<List<byte[]>> left, List<List<byte[]>> right, int scale) {
        if (scale < 1 || left.isEmpty() && right.isEmpty()) {
            throw new IllegalArgumentException("a contact sheet needs at least one row and a scale of at least 1, got "
                    + left.size() + " and " + right.size() + " rows and scale " + scale);
        }
        int leftColumns = columns(left);
        int gap = leftColumns > 0 && columns(right) > 0 ? GAP : 0;
        int cellWidth = shape.width() * scale + MARGIN;
        int cellHeight = shape.height() * scale + MARGIN;
        ImageShape sheet = new ImageShape(
                shape.channels(),
                Math.max(left.size(), right.size()) * cellHeight + MARGIN,
                (leftColumns + columns(right)) * cellWidth + MARGIN + gap);
        byte[] pixels = new byte[sheet.size()];
        Arrays.fill(pixels, WHITE);
        Canvas canvas = new Canvas(sheet, pixels, shape, scale);
        canvas.place(left, MARGIN, cellWidth, cellHeight);
        canvas.place(right, MARGIN + leftColumns * cellWidth + gap, cellWidth, cellHeight);
        return Png.encode(sheet, pixels);
    }

    private static int columns(List<List<byte[]>> rows) {
        return rows.stream().mapToInt(List::size).max().orElse(0);
    }

    /** The sheet while it is painted. */
    private record Canvas(ImageShape sheet, byte[] pixels, ImageShape shape, int scale) {
        private void place(List<List<byte[]>> rows, int startX, int cellWidth, int cellHeight) {
            for (int row = 0; row < rows.size(); row++) {
                for (int column = 0; column < rows.get(row).size(); column++) {
                    paint(rows.get(row).get(column), MARGIN + row * cellHeight, startX + column * cellWidth);
                }
            }
        }

        private void paint(byte[] image, int top, int left) {
            if (image.length != shape.size()) {
                throw new IllegalArgumentException(
                        "an image of " + shape + " has " + shape.size() + " bytes, not " + image.length);
            }
            for (int c = 0; c < shape.channels(); c++) {
                for (int y = 0; y < shape.height() * scale; y++) {
                    int from = c * shape.plane() + y / scale * shape.width();
                    int to = c * sheet.plane() + (top + y) * sheet.width() + left;
                    for (int x = 0; x < shape.width() * scale; x++) {
                        pixels[to + x] = image[from + x / scale];
                    }
                }
            }
        }
    }
}
