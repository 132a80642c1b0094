package io.reflux.distill;

import io.reflux.image.ImageSet;
import io.reflux.nn.AugmentationFamily;
import io.reflux.nn.Draws;
import io.reflux.nn.TensorSession;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Opens the sources of a search. Each has a journal of its own, named by a fingerprint of all that its results depend on
 * and of nothing else: another set is searched with without training on real images anew, and a larger space without
 * training the networks of the smaller one anew.
 */
final class SearchCourses implements AutoCloseable {
    private static final String FORMAT = "reflux-search/1";

    private final TensorSession session;
    private final Path directory;
    private final SearchSettings settings;
    private final DistilledSet set;
    private final String testDigest;
    private final List<SearchCourse> courses = new ArrayList<>();

    SearchCourses(TensorSession session, Path directory, SearchSettings settings, DistilledSet set, ImageSet test) {
        this.session = session;
        this.directory = directory;
        this.settings = settings;
        this.set = set;
        this.testDigest = SampleDigest.of(test);
    }

    /** The set, the sample and, where it is asked for, random images of the sample. */
    List<SearchCourse> open(ImageSet sample) throws IOException {
        add(
                TrainingSource.SET,
                TrainingImages.of(session.manager(), set),
                Digest.of().bytes(set.toSafetensors().encode()).hex(),
                recipe(settings.setRate(), settings.epochs()));
        addReal(TrainingSource.REAL, sample, settings.realEpochs(sample.size()));
        if (settings.randomProxy()) {
            Draws draws = Draws.of(settings.seed(), "search-random-real", 0, 0);
            addReal(
                    TrainingSource.RANDOM,
                    ClassQuota.of(set).choose(sample, ClassQuota.random(draws)),
                    settings.epochs());
        }
        return courses;
    }

    private void addReal(TrainingSource source, ImageSet images, int epochs) throws IOException {
        add(
                source,
                TrainingImages.of(session.manager(), images, set.normalisation()),
                SampleDigest.of(images) + set.normalisation(),
                recipe(settings.realRate(), epochs));
    }

    private void add(TrainingSource source, TrainingImages images, String data, StudentRecipe recipe)
            throws IOException {
        Path file = directory.resolve(source.key() + "-" + fingerprint(source, data, recipe) + ".jsonl");
        courses.add(new SearchCourse(source, images, recipe, SearchJournal.open(file)));
    }

    private StudentRecipe recipe(double rate, int epochs) {
        StudentRecipe recipe = set.recipe();
        return new StudentRecipe(
                rate,
                recipe.momentum(),
                recipe.weightDecay(),
                epochs,
                settings.batch(),
                recipe.augmentation(),
                recipe.network());
    }

    private String fingerprint(TrainingSource source, String data, StudentRecipe recipe) {
        return Digest.of()
                .text(FORMAT)
                .text(source.key())
                .text(data)
                .text(testDigest)
                .text(recipe.learningRate() + " " + recipe.momentum() + " " + recipe.weightDecay())
                .text(recipe.epochs() + " " + recipe.batch())
                .text(AugmentationFamily.format(recipe.augmentation()))
                .text(Long.toString(settings.seed()))
                .hex()
                .substring(0, 16);
    }

    @Override
    public void close() throws IOException {
        for (SearchCourse course : courses) {
            course.close();
        }
    }
}
