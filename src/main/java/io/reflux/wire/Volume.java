package io.reflux.wire;

/**
 * How much went in or came out.
 *
 * @param images number of images
 * @param bytes their record values as they stood on the topic
 */
public record Volume(long images, long bytes) {}
