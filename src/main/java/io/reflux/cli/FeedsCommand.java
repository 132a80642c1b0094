package io.reflux.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.reflux.console.ConsoleCommand;
import io.reflux.console.JsonOption;
import io.reflux.console.Terminal;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** The feeds of a running service, and what is done to whole feeds. */
@Command(
        name = "feeds",
        sortOptions = false,
        description = {
            "Lists the feeds of a running service; lets one begin anew, or deletes it.",
            "The list is asked of the service (--url), reset and delete are written to Kafka (--bootstrap)."
        },
        subcommands = {FeedsCommand.ResetCommand.class, FeedsCommand.DeleteCommand.class},
        synopsisSubcommandLabel = "[COMMAND]",
        footerHeading = "%nExamples:%n",
        footer = {
            "  reflux feeds                            what the service on this machine has",
            "  reflux feeds --url http://reflux:8080   another one",
            "  reflux feeds --json | jq '.[].feed'     for programs",
            "  reflux feeds reset --feed cars          forgets its sample and counts, keeps its generations",
            "  reflux feeds delete --feed cars --yes   forgets it all, without asking",
            "",
            "'reflux feeds COMMAND --help' tells more about each command."
        })
final class FeedsCommand extends ConsoleCommand {
    @Mixin
    private ServiceOptions service = new ServiceOptions();

    @Mixin
    private JsonOption json = new JsonOption();

    @Override
    protected void run(Terminal terminal) {
        json.prepare(terminal);
        ServiceClient client = service.client();
        JsonNode feeds = client.get(ServiceClient.FEEDS);
        if (feeds.isEmpty()) {
            terminal.print(
                    "the service at " + client.base() + " has no feed yet; 'reflux produce' sends images to one");
        } else {
            terminal.print(FeedTables.summaries(feeds));
        }
        json.write(feeds, terminal);
    }

    /** Forgets a feed's sample, counts, settled settings and caches. */
    @Command(
            name = "reset",
            sortOptions = false,
            description = "Forgets the sample, the counts, the settled settings and the caches of a feed.",
            footerHeading = "%nExamples:%n",
            footer = {
                "  reflux feeds reset --feed cars          asks, then lets the feed begin anew from now on",
                "",
                "Images sent until now do not count, even those the service has not read yet. Generations and",
                "rounds stay; the next round goes on from none of them."
            })
    static final class ResetCommand extends FeedRestart {
        ResetCommand() {
            super(false);
        }
    }

    /** Forgets everything of a feed. */
    @Command(
            name = "delete",
            sortOptions = false,
            description = "Forgets everything of a feed, its generations and rounds too.",
            footerHeading = "%nExamples:%n",
            footer = {
                "  reflux feeds delete --feed cars         asks, then deletes the feed",
                "",
                "An image that is sent to it later lets it begin anew; reflux.feeds.NAME.allowed=false keeps it away."
            })
    static final class DeleteCommand extends FeedRestart {
        DeleteCommand() {
            super(true);
        }
    }
}
