package io.reflux.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** {@code --kafka-config}. */
final class KafkaFileTest {
    @TempDir
    Path directory;

    @Test
    void theServiceGetsEveryPropertyAsItStandsInTheFile() throws Exception {
        Path file = Files.writeString(directory.resolve("client.properties"), """
                bootstrap.servers=kafka:9093
                sasl.jaas.config=Login required password="a${b}$c,\\\\d";
                """);
        ServeCommand serve = new ServeCommand();
        new CommandLine(serve).parseArgs("--kafka-config", file.toString());

        SmallRyeConfig config = new SmallRyeConfigBuilder()
                .addDefaultInterceptors()
                .withSources(new PropertiesConfigSource(serve.configuration(), "serve", 400))
                .build();

        assertThat(config.getValue("kafka.bootstrap.servers", String.class)).isEqualTo("kafka:9093");
        assertThat(config.getValue("kafka.sasl.jaas.config", String.class))
                .isEqualTo("Login required password=\"a${b}$c,\\d\";");
    }

    @Test
    void theCommandLineComesBeforeTheFile() throws Exception {
        Path file = Files.writeString(
                directory.resolve("client.properties"), "bootstrap.servers=file:1\nlinger.ms=5\nacks=all\n");
        KafkaOptions options = new KafkaOptions();
        new CommandLine(CommandLine.Model.CommandSpec.create()
                        .addMixin("kafka", CommandLine.Model.CommandSpec.forAnnotatedObject(options)))
                .parseArgs("--kafka-config", file.toString(), "--client", "linger.ms=50", "--bootstrap", "line:2");

        assertThat(options.properties())
                .containsEntry("bootstrap.servers", "line:2")
                .containsEntry("linger.ms", "50")
                .containsEntry("acks", "all");
    }

    @Test
    void aFileThatIsNoneIsNamedAndNoValueIsTold() throws Exception {
        Path broken = Files.writeString(directory.resolve("broken.properties"), "sasl.jaas.config=secret\\uzzzz");

        CommandRun missing = CommandRun.of(
                "produce", "--kafka-config", directory.resolve("none").toString());
        CommandRun malformed = CommandRun.of("produce", "--kafka-config", broken.toString());

        assertThat(missing.exitCode()).isEqualTo(2);
        assertThat(missing.messages()).contains(directory.resolve("none") + ", which is no file");
        assertThat(malformed.exitCode()).isEqualTo(2);
        assertThat(malformed.messages())
                .contains(broken.toString(), "no properties file")
                .doesNotContain("secret");
    }
}
