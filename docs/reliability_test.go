package docs_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// Every test that a page names as the proof of a promise exists.
func TestPromisesHaveTheirTests(t *testing.T) {
	t.Parallel()
	raw, err := os.ReadFile("reliability.md")
	require.NoError(t, err)
	named := regexp.MustCompile(`\bTest[A-Z]\w+`).FindAllString(string(raw), -1)
	require.NotEmpty(t, named)
	written := map[string]bool{}
	function := regexp.MustCompile(`(?m)^func (Test\w+)\(`)
	require.NoError(t, filepath.WalkDir(repository, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || !strings.HasSuffix(path, "_test.go") {
			return err
		}
		code, err := os.ReadFile(path)
		for _, found := range function.FindAllSubmatch(code, -1) {
			written[string(found[1])] = true
		}
		return err
	}))
	for _, name := range named {
		if !written[name] {
			t.Errorf("docs/reliability.md names %s, which is no test", name)
		}
	}
}
