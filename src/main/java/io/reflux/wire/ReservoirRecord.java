package io.reflux.wire;

/** A record of the reservoir topic that has a value. */
public sealed interface ReservoirRecord permits KeptImage, ProgressRecord, SettingsRecord, ErasureRecord, ResetRecord {
    ReservoirKey key();

    /** The value as it stands on the topic. */
    byte[] value();

    /**
     * Reads a record.
     *
     * @throws WireException when the value is not what the key says
     */
    static ReservoirRecord parse(ReservoirKey key, byte[] value) throws WireException {
        if (key instanceof ReservoirKey.OfImage image) {
            return KeptImage.parse(image, value);
        }
        if (key instanceof ReservoirKey.OfProgress progress) {
            return ProgressRecord.parse(progress, value);
        }
        if (key instanceof ReservoirKey.OfErasure erasure) {
            return ErasureRecord.parse(erasure, value);
        }
        if (key instanceof ReservoirKey.OfReset reset) {
            return ResetRecord.parse(reset, value);
        }
        return SettingsRecord.parse((ReservoirKey.OfSettings) key, value);
    }
}
