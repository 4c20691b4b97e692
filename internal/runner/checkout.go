package runner

import (
	"context"
	"fmt"

	"github.com/slipway-dev/slipway/drivers"
	"github.com/slipway-dev/slipway/drivers/terraform"
	"github.com/slipway-dev/slipway/internal/runner/record"
)

// Checkout puts the files of a source's revision into dir, as they are put into
// the work directory of a run, for whoever works without one. Of the settings it uses
// Folder (for the repository), KnownHosts and LocalSources. It returns the commit.
func Checkout(ctx context.Context, s *terraform.Source, dir string, settings Settings) (string, error) {
	w := &work{job: &job{settings: settings, run: &record.Run{WorkDir: settings.Folder}}}
	repo, release, err := w.repository(ctx, s)
	if err != nil {
		return "", err
	}
	defer release()
	commit, err := findCommit(repo, s.Rev)
	if err != nil {
		return "", drivers.Invalid("source: %s has no revision %q; name a branch, a tag or a commit", shownURL(s.URL), s.Rev)
	}
	tree, err := commit.Tree()
	if err != nil {
		return "", fmt.Errorf("read commit %s: %w", commit.Hash, err)
	}
	return commit.Hash.String(), writeTree(tree, dir)
}
