package io.reflux.image;

/**
 * A labelled data set with its own test images.
 *
 * @param name what to call it, such as its directory's name
 * @param train images to learn from
 * @param test images of the same shape and classes, to judge by
 */
public record DataSet(String name, ImageSet train, ImageSet test) {
    public DataSet {
        if (!train.shape().equals(test.shape()) || !train.classes().equals(test.classes())) {
            throw new IllegalArgumentException("training images of " + train.shape() + " in classes " + train.classes()
                    + " do not fit test images of " + test.shape() + " in classes " + test.classes());
        }
    }
}
