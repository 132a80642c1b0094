package io.reflux.cli;

import io.reflux.console.CommandException;
import io.reflux.image.ImageSet;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/** Gives images the class indices of a distilled set, whose classes may stand in another order. */
final class ClassOrder {
    private ClassOrder() {}

    /**
     * The same images, labelled by these classes; images of classes that are not among them are left out.
     *
     * @throws CommandException when a class has no image
     */
    static ImageSet of(ImageSet images, List<String> classes) {
        int[] known = IntStream.range(0, images.size())
                .filter(i -> classes.contains(name(images, i)))
                .toArray();
        int[] labels =
                Arrays.stream(known).map(i -> classes.indexOf(name(images, i))).toArray();
        for (int label = 0; label < classes.size(); label++) {
            int wanted = label;
            if (Arrays.stream(labels).noneMatch(found -> found == wanted)) {
                throw CommandException.failure("the set has a class '" + classes.get(label)
                        + "' that the images have not; theirs are " + String.join(", ", images.classes())
                        + ": name the data set it was made from by --data");
            }
        }
        return new ImageSet(images.shape(), classes, images.select(known).pixels(), labels);
    }

    private static String name(ImageSet images, int i) {
        return images.classes().get(images.labels()[i]);
    }
}
