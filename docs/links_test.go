// Package docs_test keeps the documentation true where a machine can: links and
// named files exist, commands and make targets exist, operations of the API
// exist, and the examples of definitions run.
package docs_test

import (
	"fmt"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode"

	"github.com/stretchr/testify/require"
)

var (
	linkPattern    = regexp.MustCompile(`\[[^\]]*\]\(([^)\s]+)\)`)
	codePattern    = regexp.MustCompile("`([^`\n]+)`")
	filePattern    = regexp.MustCompile(`^[A-Za-z0-9_.-]+(/[A-Za-z0-9_.*-]+)+/?$`)
	makePattern    = regexp.MustCompile(`(?:^|[^\w-])make ([a-z][a-z-]*)`)
	targetPattern  = regexp.MustCompile(`(?m)^([a-z][a-z-]*):`)
	headingPattern = regexp.MustCompile(`(?m)^#{1,6} +(.+)$`)
)

func TestLinksLeadSomewhere(t *testing.T) {
	t.Parallel()
	for _, p := range readPages(t) {
		_, prose := p.blocks(t)
		for _, match := range linkPattern.FindAllStringSubmatch(prose, -1) {
			if err := followLink(p, match[1]); err != nil {
				t.Errorf("%s: link %s: %v", p.path, match[1], err)
			}
		}
	}
}

// followLink checks a link to a file of the repository and to a heading in it;
// the rest of the world is not looked at.
func followLink(p page, link string) error {
	if strings.Contains(link, "://") || strings.HasPrefix(link, "mailto:") {
		return nil
	}
	target, heading, _ := strings.Cut(link, "#")
	file := p.path
	if target != "" {
		file = path.Join(path.Dir(p.path), target)
	}
	if strings.HasPrefix(file, "..") || path.IsAbs(target) {
		return fmt.Errorf("it leaves the repository")
	}
	raw, err := os.ReadFile(filepath.Join(repository, filepath.FromSlash(file)))
	if err != nil {
		info, statErr := os.Stat(filepath.Join(repository, filepath.FromSlash(file)))
		if statErr != nil || !info.IsDir() {
			return fmt.Errorf("%s does not exist", file)
		}
		return nil
	}
	if heading == "" || slices.Contains(anchors(string(raw)), heading) {
		return nil
	}
	return fmt.Errorf("%s has no heading %q", file, heading)
}

// anchors are the names under which headings are linked to.
func anchors(text string) []string {
	var out []string
	for _, match := range headingPattern.FindAllStringSubmatch(text, -1) {
		out = append(out, strings.Map(func(r rune) rune {
			switch {
			case r == ' ':
				return '-'
			case r == '-' || r == '_' || unicode.IsLetter(r) || unicode.IsDigit(r):
				return unicode.ToLower(r)
			}
			return -1
		}, strings.TrimSpace(match[1])))
	}
	return out
}

func TestNamedFilesExist(t *testing.T) {
	t.Parallel()
	entries, err := os.ReadDir(repository)
	require.NoError(t, err)
	folders := map[string]bool{}
	for _, e := range entries {
		folders[e.Name()] = e.IsDir()
	}
	// What is only there after a build or a run, and rooms that the page says are not there yet.
	absent := []string{"bin/", ".slipway/", "drivers/external", "engine/pipeline", "ui/"}
	for _, p := range readPages(t) {
		_, prose := p.blocks(t)
		for _, match := range codePattern.FindAllStringSubmatch(prose, -1) {
			name := match[1]
			first, _, _ := strings.Cut(name, "/")
			if !folders[first] || !filePattern.MatchString(name) || strings.Contains(name, "...") ||
				slices.ContainsFunc(absent, func(prefix string) bool { return strings.HasPrefix(name, prefix) }) {
				continue
			}
			found, err := filepath.Glob(filepath.Join(repository, filepath.FromSlash(name)))
			if err != nil || len(found) == 0 {
				t.Errorf("%s names %s, which does not exist", p.path, name)
			}
		}
	}
}

func TestMakeTargetsExist(t *testing.T) {
	t.Parallel()
	makefile, err := os.ReadFile(filepath.Join(repository, "Makefile"))
	require.NoError(t, err)
	targets := map[string]bool{}
	for _, match := range targetPattern.FindAllStringSubmatch(string(makefile), -1) {
		targets[match[1]] = true
	}
	mentioned := 0
	for _, p := range readPages(t) {
		for _, text := range codeOf(t, p) {
			for _, match := range makePattern.FindAllStringSubmatch(text, -1) {
				mentioned++
				if !targets[match[1]] {
					t.Errorf("%s: the Makefile has no target %q", p.path, match[1])
				}
			}
		}
	}
	require.Positive(t, mentioned, "no page mentions a target; the test looks in the wrong place")
}

// codeOf gives everything on a page that is set as code: inline, and the shell blocks.
func codeOf(t *testing.T, p page) []string {
	t.Helper()
	found, prose := p.blocks(t)
	var out []string
	for _, match := range codePattern.FindAllStringSubmatch(prose, -1) {
		out = append(out, match[1])
	}
	for _, b := range found {
		if isShell(b) {
			out = append(out, b.lines...)
		}
	}
	return out
}

func isShell(b block) bool { return b.language == "sh" || b.language == "" || b.language == "bash" }

// diagrams are the kinds of Mermaid diagrams that the usual viewers draw.
var diagrams = []string{
	"flowchart", "graph", "sequenceDiagram", "stateDiagram-v2", "classDiagram", "erDiagram", "gantt", "timeline", "mindmap",
}

func TestDiagramsAreOfAKnownKind(t *testing.T) {
	t.Parallel()
	drawn := 0
	for _, p := range readPages(t) {
		found, _ := p.blocks(t)
		for _, b := range found {
			if b.language != "mermaid" {
				continue
			}
			drawn++
			kind, _, _ := strings.Cut(strings.TrimSpace(b.text()), "\n")
			kind, _, _ = strings.Cut(strings.TrimSpace(kind), " ")
			require.Contains(t, diagrams, kind, "%s:%d", p.path, b.line)
			require.Zero(t, strings.Count(b.text(), `"`)%2, "%s:%d: a quote is not closed", p.path, b.line)
		}
	}
	require.Positive(t, drawn)
}
