package starter_test

import (
	"bufio"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/slipway-dev/slipway/orchestrator/starter"
)

// At least nine of ten public Score files find a definition for everything they ask for.
func TestCoversPublicScoreFiles(t *testing.T) {
	t.Parallel()
	root := os.Getenv("SLIPWAY_CORPUS")
	if root == "" {
		root = filepath.Join("..", "..", "..", "shared", "corpus")
	}
	f, err := os.Open(filepath.Join(root, "score", "index.tsv"))
	if err != nil {
		t.Skip("no Score files to look at; set SLIPWAY_CORPUS to the folder that holds score/index.tsv")
	}
	defer f.Close()
	answered := map[string]bool{"-": true, "environment": true, "service": true}
	for _, d := range starter.Definitions(starter.Options{}) {
		for _, c := range d.Entity.Criteria {
			key := d.Entity.Type
			if c.Class != "" {
				key += "." + c.Class
			}
			answered[key] = true
		}
	}
	files, covered := 0, 0
	for scan := bufio.NewScanner(f); scan.Scan(); {
		col := strings.Split(scan.Text(), "\t")
		if len(col) < 8 || col[5] != "yes" {
			continue
		}
		files++
		missing := []string{}
		for _, key := range strings.Split(col[7], ",") {
			if !answered[key] {
				missing = append(missing, key)
			}
		}
		if len(missing) == 0 {
			covered++
			continue
		}
		t.Logf("%s asks for %s", col[0], strings.Join(missing, ", "))
	}
	t.Logf("%d of %d files are covered", covered, files)
	require.NotZero(t, files)
	require.GreaterOrEqual(t, 10*covered, 9*files)
}
