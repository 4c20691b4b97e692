package git

import (
	"errors"
	"fmt"
	"path"
	"strings"
	"unicode"

	"github.com/go-git/go-git/v5/plumbing"
	"github.com/go-git/go-git/v5/plumbing/object"
	"github.com/go-git/go-git/v5/plumbing/storer"
	"github.com/go-git/go-git/v5/storage/memory"
)

const (
	trailerDeployment  = "Slipway-Deployment"
	trailerSet         = "Slipway-Set"
	trailerEnvironment = "Slipway-Environment"
	trailerPath        = "Slipway-Path"
	trailerAction      = "Slipway-Action"

	committerName  = "Slipway"
	committerEmail = "slipway@localhost"

	// maxSearch bounds how many commits are looked at for a delivery that was made before. It must outlast what other
	// Environments commit between an attempt and its repetition; each commit costs about a tenth of a millisecond.
	maxSearch = 300
)

// buildCommit makes the objects of a commit, in memory: they reach the repository only together with the branch.
func buildCommit(s *state, c change, r Request, act action) (plumbing.Hash, *memory.Storage, error) {
	fresh := memory.NewStorage()
	edits := map[string]plumbing.Hash{}
	for name, content := range c.write {
		hash, err := storeBlob(fresh, content)
		if err != nil {
			return plumbing.ZeroHash, nil, err
		}
		edits[path.Join(s.dir, name)] = hash
	}
	for name := range c.remove {
		edits[path.Join(s.dir, name)] = plumbing.ZeroHash
	}
	base := plumbing.ZeroHash
	if s.root != nil {
		base = s.root.Hash
	}
	editor := treeEditor{read: s.store, write: fresh}
	tree, err := editor.root(base, edits)
	if err != nil {
		return plumbing.ZeroHash, nil, err
	}

	committer := object.Signature{Name: committerName, Email: committerEmail, When: r.Time}
	commit := object.Commit{Author: author(r), Committer: committer, Message: commitMessage(r, act), TreeHash: tree}
	if !s.head.IsZero() {
		commit.ParentHashes = []plumbing.Hash{s.head}
	}
	hash, err := storeObject(fresh, &commit)
	return hash, fresh, err
}

func author(r Request) object.Signature {
	signature := object.Signature{Name: oneLine(r.Author), Email: oneLine(r.AuthorEmail), When: r.Time}
	if signature.Name == "" {
		signature.Name = committerName
	}
	if signature.Email == "" {
		signature.Email = committerEmail
	}
	return signature
}

// oneLine makes text safe for the header of a commit.
func oneLine(s string) string {
	s = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || r == '<' || r == '>' {
			return ' '
		}
		return r
	}, s)
	return strings.Join(strings.Fields(s), " ")
}

func commitMessage(r Request, act action) string {
	var b strings.Builder
	place := oneLine(r.AppID) + "/" + oneLine(r.EnvID)
	switch act {
	case actionRemove:
		fmt.Fprintf(&b, "Remove %s\n\n", place)
	default:
		fmt.Fprintf(&b, "Deploy %s: deployment %s\n\n", place, r.DeploymentID)
	}
	if comment := strings.TrimSpace(strings.ReplaceAll(r.Comment, "\r", "")); comment != "" {
		fmt.Fprintf(&b, "%s\n\n", comment)
	}
	verb := map[action]string{actionDeliver: "Deployed", actionRemove: "Removed"}[act]
	fmt.Fprintf(&b, "%s by %s.\n\n", verb, author(r).Name)

	for _, t := range [][2]string{
		{trailerDeployment, r.DeploymentID}, {trailerSet, r.SetID},
		{trailerEnvironment, r.environment()}, {trailerPath, "/" + r.Path},
	} {
		if t[1] != "" {
			fmt.Fprintf(&b, "%s: %s\n", t[0], t[1])
		}
	}
	if act == actionRemove {
		fmt.Fprintf(&b, "%s: remove\n", trailerAction)
	}
	return b.String()
}

// trailers reads the last paragraph of a message only: what a comment says is not a trailer.
func trailers(message string) map[string]string {
	text := strings.TrimSpace(message)
	if at := strings.LastIndex(text, "\n\n"); at >= 0 {
		text = text[at+2:]
	}
	found := map[string]string{}
	for _, line := range strings.Split(text, "\n") {
		if key, value, ok := strings.Cut(line, ": "); ok {
			found[key] = value
		}
	}
	return found
}

// findDelivery looks for the commit that an earlier attempt at the same delivery made; zero when there is none. History
// ends where the fetched part of it ends.
func findDelivery(store storer.EncodedObjectStorer, head plumbing.Hash, r Request, act action) (plumbing.Hash, error) {
	if head.IsZero() || r.DeploymentID == "" {
		return plumbing.ZeroHash, nil
	}
	want := trailers(commitMessage(r, act))
	seen := map[plumbing.Hash]bool{head: true}
	for queue := []plumbing.Hash{head}; len(queue) > 0 && len(seen) <= maxSearch; queue = queue[1:] {
		commit, err := object.GetCommit(store, queue[0])
		if errors.Is(err, plumbing.ErrObjectNotFound) && queue[0] != head {
			continue
		}
		if err != nil {
			return plumbing.ZeroHash, fmt.Errorf("reading commit %s: %w", queue[0], err)
		}
		got := trailers(commit.Message)
		if sameDelivery(want, got) {
			return queue[0], nil
		}
		for _, parent := range commit.ParentHashes {
			if !seen[parent] {
				seen[parent] = true
				queue = append(queue, parent)
			}
		}
	}
	return plumbing.ZeroHash, nil
}

func sameDelivery(want, got map[string]string) bool {
	for _, key := range []string{trailerDeployment, trailerEnvironment, trailerPath, trailerAction} {
		if want[key] != got[key] {
			return false
		}
	}
	return true
}
