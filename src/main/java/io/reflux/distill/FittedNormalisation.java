package io.reflux.distill;

import io.reflux.format.FormatException;
import io.reflux.format.Safetensors;
import io.reflux.image.ImageSet;
import io.reflux.image.ImageShape;
import io.reflux.nn.ChannelNormalisation;
import io.reflux.nn.Normalisation;
import io.reflux.nn.ZcaFit;
import io.reflux.nn.ZcaNormalisation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * The normalisation of a run: that of the set it goes on from where it is of the kind asked for, else one fitted to the
 * sample. A whitening is kept in the directory, because fitting it takes a while and a resumed run needs the same bits.
 */
final class FittedNormalisation {
    /** D of 3×64×64, the largest that the papers whiten. */
    static final int MOST_DIMENSIONS = 12_288;

    private static final long BYTES_OF_A_GIGABYTE = 1_000_000_000;

    private static final System.Logger LOG = System.getLogger(FittedNormalisation.class.getName());

    private final WhiteningSetting setting;
    private final Path directory;
    private final int threads;
    private final RunMonitor monitor;

    FittedNormalisation(WhiteningSetting setting, Path directory, int threads, RunMonitor monitor) {
        this.setting = setting;
        this.directory = directory;
        this.threads = threads;
        this.monitor = monitor;
    }

    /**
     * @throws InvalidSettingsException when the sample cannot be whitened
     * @throws DistillationCancelledException when the monitor says so
     * @throws IOException when the directory cannot be used
     */
    Normalisation of(ImageSet sample, @Nullable DistilledSet former) throws IOException {
        requirePossible(sample);
        if (former != null && former.shape().equals(sample.shape()) && isWanted(former.normalisation())) {
            return former.normalisation();
        }
        return switch (setting) {
            case NONE -> ChannelNormalisation.fit(sample.pixels(), sample.shape());
            case ZCA -> whitening(sample);
            case CIFAR_STATISTICS, IMAGENET_STATISTICS -> setting.fixed().orElseThrow();
        };
    }

    private boolean isWanted(Normalisation normalisation) {
        return switch (setting) {
            case NONE -> normalisation instanceof ChannelNormalisation;
            case ZCA -> normalisation instanceof ZcaNormalisation;
            case CIFAR_STATISTICS, IMAGENET_STATISTICS -> false;
        };
    }

    private void requirePossible(ImageSet sample) {
        ImageShape shape = sample.shape();
        if (setting.fixed().filter(fixed -> !fixed.fits(shape)).isPresent()) {
            throw new InvalidSettingsException(
                    "whitening",
                    "is " + SettingsProperties.name(setting)
                            + ", which is for images of three channels, but these are of" + " shape " + shape
                            + "; set it to none or zca");
        }
        if (setting != WhiteningSetting.ZCA) {
            return;
        }
        if (shape.size() > MOST_DIMENSIONS) {
            throw new InvalidSettingsException(
                    "whitening",
                    "is zca, but images of shape " + shape + " have " + shape.size() + " values, more than "
                            + MOST_DIMENSIONS + ": the matrix would take "
                            + gigabytes(Float.BYTES * (long) shape.size() * shape.size()) + " GB and fitting it "
                            + gigabytes(ZcaFit.bytes(shape)) + " GB; set it to none or take smaller images");
        }
        if (sample.size() < 2) {
            throw new InvalidSettingsException(
                    "whitening",
                    "is zca, which needs at least two images in the sample, but there is " + sample.size()
                            + "; set it to none or wait for more images");
        }
    }

    private ZcaNormalisation whitening(ImageSet sample) throws IOException {
        Path file = directory.resolve("whitening-" + name(sample) + ".safetensors");
        ZcaNormalisation kept = read(file, sample.shape());
        if (kept != null) {
            return kept;
        }
        ZcaNormalisation fitted =
                new ZcaFit(sample.pixels(), sample.shape(), ZcaNormalisation.EPSILON, this::report).run(threads);
        Files.createDirectories(directory);
        new Safetensors(NormalisationFields.tensors(fitted), NormalisationFields.metadata(fitted)).write(file);
        return fitted;
    }

    private void report(int steps, int total) {
        monitor.report(new Progress(Stage.WHITENING, steps, total, Double.NaN));
        if (monitor.cancelled()) {
            throw new DistillationCancelledException(
                    "stopped while the whitening was fitted; the next run starts it anew");
        }
    }

    private static String name(ImageSet sample) {
        return Digest.of()
                .text(SampleDigest.of(sample))
                .text(Float.toString(ZcaNormalisation.EPSILON))
                .hex()
                .substring(0, 16);
    }

    private static @Nullable ZcaNormalisation read(Path file, ImageShape shape) throws IOException {
        try {
            return NormalisationFields.whitening(Safetensors.read(file), shape);
        } catch (NoSuchFileException e) {
            return null;
        } catch (FormatException | IllegalArgumentException e) {
            LOG.log(System.Logger.Level.WARNING, "{0} is damaged ({1}); it is fitted again", file, e.getMessage());
            return null;
        }
    }

    private static long gigabytes(long bytes) {
        return (bytes + BYTES_OF_A_GIGABYTE - 1) / BYTES_OF_A_GIGABYTE;
    }
}
