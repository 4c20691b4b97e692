package cli

import (
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/charmbracelet/x/term"
)

// screen keeps some lines at the bottom of a terminal and replaces them in place. It asks the terminal nothing and leaves
// its modes alone, so that ctrl-C stays a signal; the larger libraries for terminal programs query every terminal as soon
// as they are part of the program, whatever the command is.
type screen struct {
	out   io.Writer
	shown []string
}

const (
	hideCursor = "\x1b[?25l"
	showCursor = "\x1b[?25h"
	clearLine  = "\x1b[K"
	clearBelow = "\x1b[J"
)

func newScreen(out io.Writer) *screen { return &screen{out: out} }

// size is that of the terminal in columns and rows, or the traditional one when it does not say.
func (s *screen) size() (width, height int) {
	if f, ok := s.out.(*os.File); ok {
		if width, height, err := term.GetSize(f.Fd()); err == nil && width > 0 && height > 0 {
			return width, height
		}
	}
	return 80, 24
}

// draw replaces what is shown, in one write, so that nothing flickers. Lines must fit the width.
func (s *screen) draw(lines []string) {
	if strings.Join(lines, "\n") == strings.Join(s.shown, "\n") {
		return
	}
	var out strings.Builder
	out.WriteString(hideCursor)
	if len(s.shown) > 0 {
		fmt.Fprintf(&out, "\r\x1b[%dA", len(s.shown))
	}
	for _, line := range lines {
		out.WriteString(line + clearLine + "\n")
	}
	out.WriteString(clearBelow)
	s.shown = lines
	_, _ = io.WriteString(s.out, out.String()) // a terminal that is gone shows nothing
}

// close leaves the lines where they are and gives the cursor back.
func (s *screen) close() { _, _ = io.WriteString(s.out, showCursor) }
