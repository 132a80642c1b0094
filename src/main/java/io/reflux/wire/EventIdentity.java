package io.reflux.wire;

import java.time.Instant;

/**
 * What tells one image from every other, given by its producer: the CloudEvents attributes source, id and time.
 *
 * @param source {@code ce_source}
 * @param id {@code ce_id}, unique within the source
 * @param time {@code ce_time}
 */
public record EventIdentity(String source, String id, Instant time) {}
