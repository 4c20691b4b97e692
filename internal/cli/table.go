package cli

import (
	"strings"

	"github.com/charmbracelet/x/ansi"
)

// table is aligned text with a line of headings.
type table struct {
	head []string
	rows [][]string
}

func newTable(head ...string) *table { return &table{head: head} }

func (t *table) add(cells ...string) { t.rows = append(t.rows, cells) }

// lines aligns the columns by what is seen, which is neither bytes nor runes.
func (t *table) lines(colours bool) []string {
	widths := make([]int, len(t.head))
	all := append([][]string{t.head}, t.rows...)
	for r, row := range all {
		for i, cell := range row {
			row[i] = oneLine(cell)
			if r > 0 && cell == "" {
				row[i] = "-"
			}
			widths[i] = max(widths[i], ansi.StringWidth(row[i]))
		}
	}
	out := make([]string, 0, len(all))
	for _, row := range all {
		var line strings.Builder
		for i, cell := range row {
			text := cell
			if colours {
				text = paint(cell)
			}
			line.WriteString(text)
			if i < len(row)-1 {
				line.WriteString(strings.Repeat(" ", widths[i]-ansi.StringWidth(cell)+2))
			}
		}
		out = append(out, strings.TrimRight(line.String(), " "))
	}
	return out
}

// oneLine makes text fit for a cell or a line: no line breaks and no control characters, which could take over a terminal.
func oneLine(text string) string {
	return strings.Join(strings.Fields(printable(text)), " ")
}

// printable drops control characters other than line breaks and tabs, and escape sequences with them.
func printable(text string) string {
	return strings.Map(func(r rune) rune {
		if r == '\n' || r == '\t' || (r >= ' ' && r != 0x7f && (r < 0x80 || r > 0x9f)) {
			return r
		}
		return -1
	}, ansi.Strip(text))
}

func (a *app) print(t *table) error {
	for _, line := range t.lines(a.colours()) {
		if _, err := a.out.Write([]byte(line + "\n")); err != nil {
			return err
		}
	}
	return nil
}
