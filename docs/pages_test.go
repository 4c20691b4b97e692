package docs_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

const repository = ".."

// topPages are the pages outside docs/ that are checked like those in it.
var topPages = []string{"README.md", "CHANGELOG.md", "CONTRIBUTING.md", "examples/terraform-postgres/README.md"}

// page is one Markdown file.
type page struct {
	path string // from the root of the repository, with slashes
	text string
}

// readPages reads every page of the documentation.
func readPages(t *testing.T) []page {
	t.Helper()
	names := append([]string{}, topPages...)
	err := filepath.WalkDir(filepath.Join(repository, "docs"), func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || filepath.Ext(path) != ".md" {
			return err
		}
		rel, err := filepath.Rel(repository, path)
		names = append(names, filepath.ToSlash(rel))
		return err
	})
	require.NoError(t, err)
	pages := make([]page, 0, len(names))
	for _, name := range names {
		raw, err := os.ReadFile(filepath.Join(repository, filepath.FromSlash(name)))
		require.NoError(t, err)
		pages = append(pages, page{path: name, text: string(raw)})
	}
	require.Greater(t, len(pages), len(topPages), "docs/ has no pages")
	return pages
}

// block is a fenced block of code.
type block struct {
	language string
	line     int // of its first line, from 1
	lines    []string
}

func (b block) text() string { return strings.Join(b.lines, "\n") + "\n" }

// blocks gives the fenced blocks of a page, and the page's text with them blanked out.
func (p page) blocks(t *testing.T) (found []block, prose string) {
	t.Helper()
	var rest []string
	var open *block
	for i, line := range strings.Split(p.text, "\n") {
		fence, isFence := strings.CutPrefix(strings.TrimSpace(line), "```")
		switch {
		case isFence && open == nil:
			open = &block{language: strings.TrimSpace(fence), line: i + 2}
		case isFence:
			found = append(found, *open)
			open = nil
		case open != nil:
			open.lines = append(open.lines, line)
		default:
			rest = append(rest, line)
			continue
		}
		rest = append(rest, "")
	}
	require.Nil(t, open, "%s: a block of code is not closed", p.path)
	return found, strings.Join(rest, "\n")
}
