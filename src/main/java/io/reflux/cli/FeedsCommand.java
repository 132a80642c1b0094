package io.reflux.cli;

import picocli.CommandLine.Command;

/** What is done to whole feeds. */
@Command(
        name = "feeds",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        description = "Lets a feed begin anew, or deletes it.",
        subcommands = {FeedsCommand.ResetCommand.class, FeedsCommand.DeleteCommand.class},
        synopsisSubcommandLabel = "COMMAND",
        footerHeading = "%nExamples:%n",
        footer = {
            "  reflux feeds reset --feed cars          forgets its sample and counts, keeps its generations",
            "  reflux feeds delete --feed cars --yes   forgets it all, without asking",
            "",
            "'reflux feeds COMMAND --help' tells more about each command."
        })
final class FeedsCommand implements Runnable {
    @Override
    public void run() {
        throw CommandException.usage("say what to do: reset or delete ('reflux feeds --help' tells them apart)");
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
