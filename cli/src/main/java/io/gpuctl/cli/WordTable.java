package io.gpuctl.cli;

import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Help.Ansi.Text;
import picocli.CommandLine.Help.ColorScheme;
import picocli.CommandLine.Help.Column;
import picocli.CommandLine.Help.TextTable;

/**
 * A help table that wraps lines only at blanks. The table of picocli also breaks paths, addresses and options after a
 * dot or a colon.
 */
final class WordTable extends TextTable {

    private final Ansi ansi;

    WordTable(ColorScheme colors, Column... columns) {
        super(colors, columns);
        ansi = colors.ansi();
    }

    @Override
    public Cell putValue(int row, int col, Text value) {
        Column column = columns()[col];
        if (column.overflow != Column.Overflow.WRAP) {
            return super.putValue(row, col, value);
        }
        int line = row;
        Text rest = value;
        int width = column.width - column.indent;
        while (rest.plainString().length() > width) {
            int end = rest.plainString().lastIndexOf(' ', width);
            if (rest.plainString().substring(0, Math.max(0, end)).isBlank()) {
                break; // A word that does not fit: picocli cuts it somewhere.
            }
            super.putValue(line, col, rest.substring(0, end));
            rest = ansi.text(" ".repeat(indentWrappedLines)).concat(rest.substring(end + 1));
            line++;
            if (line >= rowCount()) {
                addEmptyRow();
            }
        }
        return super.putValue(line, col, rest);
    }
}
