/** What the topics say of each feed and its rounds, without its images. */
@org.jspecify.annotations.NullMarked
package io.reflux.feeds;
