package io.gpuctl.cli;

import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi.Text;
import picocli.CommandLine.Help.Column;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/** Help that breaks lines only between words. */
final class WordWrappingHelp extends CommandLine.Help {

    WordWrappingHelp(CommandSpec spec, ColorScheme colors) {
        super(spec, colors);
    }

    @Override
    public Layout createDefaultLayout(
            List<OptionSpec> options, List<PositionalParamSpec> positionals, ColorScheme colors) {
        Layout layout = super.createDefaultLayout(options, positionals, colors);
        var table = new WordTable(colors, layout.textTable().columns());
        table.indentWrappedLines = layout.textTable().indentWrappedLines;
        return new Layout(colors, table, layout.optionRenderer(), layout.parameterRenderer());
    }

    @Override
    public String description(Object... parameters) {
        WordTable table = wholeWidth();
        for (String paragraph : commandSpec().usageMessage().description()) {
            for (Text line : colorScheme().text(paragraph.formatted(parameters)).splitLines()) {
                table.addRowValues(line);
            }
        }
        return table.toString();
    }

    /** Indents all lines after the first to the column where the options begin. */
    @Override
    protected String insertSynopsisCommandName(int headingLength, Text details) {
        String command = commandSpec().qualifiedName();
        WordTable table = wholeWidth();
        table.indentWrappedLines = headingLength + command.length() + 1;
        Text heading = colorScheme().text("X".repeat(headingLength)); // The caller printed the heading.
        table.addRowValues(heading.concat(colorScheme().commandText(command)).concat(details));
        return table.toString().substring(headingLength);
    }

    private WordTable wholeWidth() {
        var table = new WordTable(
                colorScheme(), new Column(commandSpec().usageMessage().width(), 0, Column.Overflow.WRAP));
        table.indentWrappedLines = 0;
        return table;
    }
}
