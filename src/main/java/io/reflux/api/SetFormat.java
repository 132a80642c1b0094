package io.reflux.api;

import io.reflux.distill.DistilledSet;
import io.reflux.format.Npz;
import io.reflux.image.ContactSheet;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Request;
import jakarta.ws.rs.core.Variant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** How a set is handed out. */
enum SetFormat {
    /** Everything that is in the set. */
    SAFETENSORS("application/vnd.safetensors") {
        @Override
        byte[] encode(DistilledSet set) {
            return set.toSafetensors().encode();
        }
    },
    /** Its arrays, for NumPy. */
    NPZ("application/vnd.numpy.npz") {
        @Override
        byte[] encode(DistilledSet set) {
            return Npz.encode(set.toSafetensors().tensors());
        }
    },
    /** A grid to look at, one row a class. */
    PNG("image/png") {
        @Override
        byte[] encode(DistilledSet set) {
            return ContactSheet.png(
                    set.shape(),
                    rows(set),
                    Math.max(1, SMALLEST_TILE / set.shape().width()));
        }
    },
    /** A folder of PNG files for each class. */
    ZIP("application/zip") {
        @Override
        byte[] encode(DistilledSet set) {
            return PictureArchive.zip(set);
        }
    };

    private static final int SMALLEST_TILE = 64;

    /** In the order of the formats; of those that a caller likes equally the first is taken. */
    private static final List<Variant> VARIANTS = Arrays.stream(values())
            .map(format -> new Variant(MediaType.valueOf(format.mediaType), (Locale) null, null))
            .toList();

    private final String mediaType;

    SetFormat(String mediaType) {
        this.mediaType = mediaType;
    }

    String mediaType() {
        return mediaType;
    }

    /** File ending, and the name in a query. */
    String ending() {
        return name().toLowerCase(Locale.ROOT);
    }

    abstract byte[] encode(DistilledSet set);

    /**
     * The format a call asks for: by query, else by its Accept header (RFC 9110, section 12.5.1), else safetensors.
     *
     * @throws ProblemException when the query names none, or the header allows none
     */
    static SetFormat of(@Nullable String query, Request request) {
        if (query != null) {
            return Arrays.stream(values())
                    .filter(format -> format.ending().equals(query))
                    .findFirst()
                    .orElseThrow(() -> ProblemException.badFormat(query));
        }
        Variant chosen = request.selectVariant(VARIANTS);
        if (chosen == null) {
            throw ProblemException.noSuchForm();
        }
        return values()[VARIANTS.indexOf(chosen)];
    }

    private static List<List<byte[]>> rows(DistilledSet set) {
        List<List<byte[]>> rows = new ArrayList<>();
        set.classes().forEach(name -> rows.add(new ArrayList<>()));
        byte[] pixels = set.pixels();
        int size = set.shape().size();
        for (int i = 0; i < set.size(); i++) {
            rows.get(set.classOf(i)).add(Arrays.copyOfRange(pixels, i * size, (i + 1) * size));
        }
        return rows;
    }
}
