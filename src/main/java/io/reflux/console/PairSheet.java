package io.reflux.console;

import io.reflux.distill.DistilledSet;
import io.reflux.image.ContactSheet;
import io.reflux.image.ImageSet;
import io.reflux.image.ImageShape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/** Contact sheets of distilled sets, a row a class, enlarged so that their pixels can be seen. */
public final class PairSheet {
    private static final int REAL = 8;
    private static final int MOST_BESIDE = 10;
    private static final int MOST_ALONE = 50;
    private static final int TILE_SIDE = 64;

    private PairSheet() {}

    /** Real images beside the distilled ones of their class, as a PNG; the images have the set's classes. */
    public static byte[] of(ImageSet images, DistilledSet set) {
        List<List<byte[]>> real = IntStream.range(0, set.classes().size())
                .mapToObj(label -> Arrays.stream(images.indicesOf(label))
                        .limit(REAL)
                        .mapToObj(images::image)
                        .toList())
                .toList();
        return ContactSheet.sideBySide(set.shape(), real, rows(set, MOST_BESIDE), scale(set.shape()));
    }

    /** The distilled images alone, as a PNG. */
    public static byte[] of(DistilledSet set) {
        return ContactSheet.png(set.shape(), rows(set, MOST_ALONE), scale(set.shape()));
    }

    private static List<List<byte[]>> rows(DistilledSet set, int most) {
        List<List<byte[]>> rows = new ArrayList<>();
        set.classes().forEach(label -> rows.add(new ArrayList<>()));
        byte[] pixels = set.pixels();
        for (int i = 0; i < set.size(); i++) {
            List<byte[]> row = rows.get(set.classOf(i));
            if (row.size() < most) {
                row.add(SetFile.image(set.shape(), pixels, i));
            }
        }
        return rows;
    }

    private static int scale(ImageShape shape) {
        return Math.max(1, TILE_SIDE / Math.max(shape.height(), shape.width()));
    }
}
