/** Labelled images: shapes, sets, codecs for one image, readers of data sets on disk, and generated images. */
@org.jspecify.annotations.NullMarked
package io.reflux.image;
