package io.reflux.wire;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import java.io.IOException;

/** How every JSON document of Reflux looks: hyphenated names, RFC 3339 times, absent instead of null, UTF-8. */
public final class Json {
    private static final ObjectMapper MAPPER = configure(JsonMapper.builder().build());

    private Json() {}

    /** Gives another mapper the same rules, so that REST and topics agree. */
    public static ObjectMapper configure(ObjectMapper mapper) {
        return mapper.registerModule(new JavaTimeModule())
                .setPropertyNamingStrategy(PropertyNamingStrategies.KEBAB_CASE)
                .setDefaultPropertyInclusion(JsonInclude.Include.NON_NULL)
                .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
                .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);
    }

    static byte[] write(Object value) {
        try {
            return MAPPER.writeValueAsBytes(value);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(value.getClass().getSimpleName() + " cannot be written as JSON", e);
        }
    }

    /** @throws WireException naming the kind of document, when the bytes are not one */
    static <T> T read(byte[] json, Class<T> type) throws WireException {
        try {
            T value = MAPPER.readValue(json, type);
            if (value == null) {
                throw new WireException("a " + type.getSimpleName() + " record holds nothing");
            }
            return value;
        } catch (JsonProcessingException e) {
            throw new WireException(
                    "a " + type.getSimpleName() + " record is not readable: " + e.getOriginalMessage(), e);
        } catch (IOException e) {
            throw new WireException("a " + type.getSimpleName() + " record is not readable: " + e.getMessage(), e);
        }
    }
}
