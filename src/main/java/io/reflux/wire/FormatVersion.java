package io.reflux.wire;

import org.jspecify.annotations.Nullable;

/**
 * The compatibility rule of JSON records: {@code name/number}. A field may be added under the same number, and readers
 * ignore fields they do not know; whatever an older reader would misread raises the number, and readers refuse it.
 */
final class FormatVersion {
    private FormatVersion() {}

    /**
     * For a record that in its first version did not say its format.
     *
     * @throws WireException when the record says another
     */
    static void requireIfSaid(@Nullable String found, String wanted) throws WireException {
        if (found != null) {
            require(found, wanted);
        }
    }

    /** @throws WireException when the record is of another kind or number */
    static void require(@Nullable String found, String wanted) throws WireException {
        if (!wanted.equals(found)) {
            throw new WireException("a record of format '" + found + "' stands where '" + wanted
                    + "' is read; use the version of Reflux that wrote it, or publish the set again");
        }
    }
}
