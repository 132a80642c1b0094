package io.reflux.kafka;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.stream.Collectors;

/**
 * How a topic is created.
 *
 * @param name without prefix
 * @param partitions at creation
 * @param configuration topic configuration of Kafka
 */
public record TopicDefinition(String name, int partitions, Map<String, String> configuration) {
    private static final String RESOURCE = "/kafka/topics.properties";
    private static final String PARTITIONS = "partitions";

    public TopicDefinition {
        configuration = Map.copyOf(configuration);
    }

    /** The definitions packaged from {@code kafka/topics.properties}, by name. */
    public static List<TopicDefinition> packaged() {
        Properties properties = new Properties();
        try (InputStream stream = TopicDefinition.class.getResourceAsStream(RESOURCE)) {
            if (stream == null) {
                throw new IllegalStateException("the resource " + RESOURCE + " is missing from the application");
            }
            properties.load(stream);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return parse(properties);
    }

    /** The same topic with another number of partitions. */
    public TopicDefinition withPartitions(int number) {
        return new TopicDefinition(name, number, configuration);
    }

    static List<TopicDefinition> parse(Properties properties) {
        Map<String, Map<String, String>> topics = properties.stringPropertyNames().stream()
                .collect(Collectors.groupingBy(
                        key -> key.substring(0, key.indexOf('.')),
                        Collectors.toMap(key -> key.substring(key.indexOf('.') + 1), properties::getProperty)));
        return topics.entrySet().stream()
                .map(entry -> definition(entry.getKey(), entry.getValue()))
                .sorted(Comparator.comparing(TopicDefinition::name))
                .toList();
    }

    private static TopicDefinition definition(String name, Map<String, String> values) {
        int partitions = Integer.parseInt(values.getOrDefault(PARTITIONS, "1"));
        values.remove(PARTITIONS);
        return new TopicDefinition(name, partitions, values);
    }
}
