package io.reflux.wire;

/**
 * A shard as its manifest lists it.
 *
 * @param key of the shard's record
 * @param label the class its images belong to
 * @param images how many
 * @param length bytes of the record's value
 * @param sha256 of the record's value, lower-case hexadecimal
 */
public record ShardEntry(String key, String label, int images, int length, String sha256) {
    /** @throws WireException naming the shard, when the value is not the listed one */
    void check(byte[] value) throws WireException {
        if (value.length != length) {
            throw new WireException("shard " + key + " has " + value.length + " bytes, its manifest lists " + length);
        }
        if (!Sha256.hex(value).equals(sha256)) {
            throw new WireException("shard " + key + " does not have the SHA-256 its manifest lists");
        }
    }
}
