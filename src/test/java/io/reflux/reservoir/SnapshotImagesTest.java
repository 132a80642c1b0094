package io.reflux.reservoir;

import static org.assertj.core.api.Assertions.assertThat;

import io.reflux.image.DecodedImage;
import io.reflux.image.ImageSet;
import io.reflux.image.ImageShape;
import io.reflux.sample.Candidate;
import io.reflux.sample.Identity;
import io.reflux.sample.Snapshot;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SnapshotImagesTest {
    private static final ImageShape SHAPE = new ImageShape(1, 2, 2);

    @Test
    void noOrderOfTheSnapshotChangesTheSet() {
        // Given
        List<Candidate<DecodedImage>> images = images(30);
        ImageSet expected =
                SnapshotImages.of(new Snapshot<>(images, images), SHAPE).sample();
        for (int seed = 0; seed < 20; seed++) {
            List<Candidate<DecodedImage>> shuffled = new ArrayList<>(images);
            Collections.shuffle(shuffled, new Random(seed));
            // When
            SnapshotImages found = SnapshotImages.of(new Snapshot<>(shuffled, shuffled), SHAPE);
            // Then
            assertThat(found.sample().pixels()).containsExactly(expected.pixels());
            assertThat(found.sample().labels()).containsExactly(expected.labels());
            assertThat(found.heldOut().pixels()).containsExactly(expected.pixels());
        }
    }

    @Test
    void imagesOfAnotherShapeAreLeftOutAndCounted() {
        // Given
        List<Candidate<DecodedImage>> images = new ArrayList<>(images(4));
        images.add(candidate("odd", 99, new ImageShape(1, 2, 3)));
        // When
        SnapshotImages found = SnapshotImages.of(new Snapshot<>(images, List.of()), SHAPE);
        // Then
        assertThat(found.sample().size()).isEqualTo(4);
        assertThat(found.classes()).doesNotContain("odd");
        assertThat(found.otherShapes()).isEqualTo(1);
    }

    private static List<Candidate<DecodedImage>> images(int count) {
        List<Candidate<DecodedImage>> images = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            images.add(candidate("class" + i % 3, i, SHAPE));
        }
        return images;
    }

    private static Candidate<DecodedImage> candidate(String label, int number, ImageShape shape) {
        byte[] pixels = new byte[shape.size()];
        pixels[0] = (byte) number;
        Identity identity = Identity.ofEvent("camera", Integer.toString(number), "2026-01-01T00:00:00Z");
        return new Candidate<>(label, identity, 0.5, 0, number, false, new DecodedImage(shape, pixels));
    }
}
