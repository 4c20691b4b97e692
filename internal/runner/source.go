package runner

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"

	"github.com/go-git/go-git/v5"
	"github.com/go-git/go-git/v5/config"
	"github.com/go-git/go-git/v5/plumbing"
	"github.com/go-git/go-git/v5/plumbing/filemode"
	"github.com/go-git/go-git/v5/plumbing/object"
	"github.com/go-git/go-git/v5/plumbing/transport"
	"github.com/go-git/go-git/v5/plumbing/transport/http"
	gitssh "github.com/go-git/go-git/v5/plumbing/transport/ssh"
	"golang.org/x/crypto/ssh"

	"github.com/slipway-dev/slipway/drivers"
	"github.com/slipway-dev/slipway/drivers/terraform"
	"github.com/slipway-dev/slipway/internal/secrets/filelock"
)

// sourceKey is what identifies the code of a source, without credentials.
func sourceKey(s *terraform.Source) []string {
	if s == nil {
		return nil
	}
	return []string{s.URL, s.Rev, s.Path}
}

var commitHash = regexp.MustCompile(`^[0-9a-f]{40}$`)

// checkout puts the files of the source's revision into dir. Repositories are
// kept as bare clones beside the runs; a commit that is there needs no network.
func (w *work) checkout(ctx context.Context, s *terraform.Source, dir string) error {
	if w.stored != nil && w.stored.bundle.Commit != "" {
		pinned := *s // where a branch stood when the plan was made
		pinned.Rev = w.stored.bundle.Commit
		s = &pinned
	}
	repo, release, err := w.repository(ctx, s)
	if err != nil {
		return err
	}
	defer release()
	commit, err := findCommit(repo, s.Rev)
	if err != nil {
		return drivers.Invalid("source: %s has no revision %q; name a branch, a tag or a commit", shownURL(s.URL), s.Rev)
	}
	tree, err := commit.Tree()
	if err != nil {
		return fmt.Errorf("read commit %s: %w", commit.Hash, err)
	}
	w.commit = commit.Hash.String()
	w.events.say("info", fmt.Sprintf("source %s at %s", shownURL(s.URL), commit.Hash))
	return writeTree(tree, dir)
}

// repository opens the repository that holds the source, up to date as far as
// the revision asks for it. The returned function gives it back.
func (w *work) repository(ctx context.Context, s *terraform.Source) (*git.Repository, func(), error) {
	if path, local := localPath(s.URL); local {
		if !w.settings.LocalSources {
			return nil, nil, drivers.Invalid("source: paths of this machine are not allowed as url; use https or ssh, or allow local sources in the settings")
		}
		repo, err := git.PlainOpen(path)
		if err != nil {
			return nil, nil, drivers.Invalid("source: %s is not a Git repository", path)
		}
		return repo, func() {}, nil
	}
	// Per organization: who has what is kept by URL gets commits without showing a credential.
	sum := sha256.Sum256([]byte(w.run.OrgID + "\n" + s.URL))
	path := filepath.Join(w.settings.Folder, "sources", hex.EncodeToString(sum[:]))
	release, err := filelock.Acquire(ctx, path+".lock")
	if err != nil {
		return nil, nil, err
	}
	repo, err := w.fetched(ctx, s, path)
	if err != nil {
		release()
		return nil, nil, err
	}
	return repo, release, nil
}

func (w *work) fetched(ctx context.Context, s *terraform.Source, path string) (*git.Repository, error) {
	repo, err := git.PlainOpen(path)
	if errors.Is(err, git.ErrRepositoryNotExists) {
		repo, err = git.PlainInit(path, true)
	}
	if err != nil {
		return nil, fmt.Errorf("open the cache of sources: %w", err)
	}
	if commitHash.MatchString(s.Rev) {
		if _, err := repo.CommitObject(plumbing.NewHash(s.Rev)); err == nil {
			return repo, nil
		}
	}
	auth, err := w.sourceAuth(s)
	if err != nil {
		return nil, err
	}
	remote := git.NewRemote(repo.Storer, &config.RemoteConfig{Name: "origin", URLs: []string{s.URL}})
	refs, err := remote.ListContext(ctx, &git.ListOptions{Auth: auth})
	if err != nil {
		return nil, failed("source: %s cannot be read: %s", shownURL(s.URL), shownGitError(err, s))
	}
	for _, r := range refs {
		if r.Name() == plumbing.HEAD && r.Type() == plumbing.SymbolicReference {
			if err := repo.Storer.SetReference(r); err != nil {
				return nil, fmt.Errorf("note the default branch: %w", err)
			}
		}
	}
	err = remote.FetchContext(ctx, &git.FetchOptions{
		RefSpecs: []config.RefSpec{"+refs/heads/*:refs/heads/*", "+refs/tags/*:refs/tags/*"}, Auth: auth, Tags: git.NoTags, Force: true,
	})
	if err != nil && !errors.Is(err, git.NoErrAlreadyUpToDate) {
		return nil, failed("source: %s cannot be fetched: %s", shownURL(s.URL), shownGitError(err, s))
	}
	return repo, nil
}

// localPath reports whether a URL names a folder of this machine.
func localPath(url string) (string, bool) {
	path := strings.TrimPrefix(url, "file://")
	return path, filepath.IsAbs(path)
}

// sourceAuth uses what the definition gives and nothing of this machine's user.
func (w *work) sourceAuth(s *terraform.Source) (transport.AuthMethod, error) {
	endpoint, err := transport.NewEndpoint(s.URL)
	if err != nil {
		return nil, drivers.Invalid("source: %q is not the address of a Git repository", shownURL(s.URL))
	}
	user := s.Username
	if user == "" {
		user = "git"
	}
	switch endpoint.Protocol {
	case "http", "https":
		if s.Password == "" && s.Username == "" {
			return nil, nil
		}
		return &http.BasicAuth{Username: user, Password: s.Password}, nil
	case "ssh":
		if endpoint.User != "" {
			user = endpoint.User
		}
		keys, err := gitssh.NewPublicKeys(user, []byte(s.SSHKey), s.Password)
		if err != nil {
			return nil, drivers.Invalid("source: secrets.source.ssh_key is missing or no private key in PEM form")
		}
		keys.HostKeyCallback, err = w.hostKeys()
		return keys, err
	}
	return nil, drivers.Invalid("source: %s is not supported; use https, ssh or a path", endpoint.Protocol)
}

// hostKeys accepts the known hosts of the settings.
func (w *work) hostKeys() (ssh.HostKeyCallback, error) {
	if strings.TrimSpace(w.settings.KnownHosts) == "" {
		return nil, drivers.Invalid("source: ssh needs known hosts in the settings (lines of ssh-keyscan)")
	}
	path := filepath.Join(w.run.WorkDir, "known_hosts")
	if err := os.MkdirAll(w.run.WorkDir, 0o700); err != nil {
		return nil, fmt.Errorf("write the known hosts: %w", err)
	}
	if err := os.WriteFile(path, []byte(w.settings.KnownHosts+"\n"), 0o600); err != nil {
		return nil, fmt.Errorf("write the known hosts: %w", err)
	}
	return gitssh.NewKnownHostsCallback(path)
}

// findCommit resolves a revision: a commit, a full reference, a branch, a tag, or HEAD for "".
func findCommit(repo *git.Repository, rev string) (*object.Commit, error) {
	if rev == "" {
		rev = "HEAD"
	}
	if commitHash.MatchString(rev) {
		return repo.CommitObject(plumbing.NewHash(rev))
	}
	for _, name := range []string{rev, "refs/heads/" + rev, "refs/tags/" + rev} {
		ref, err := repo.Reference(plumbing.ReferenceName(name), true)
		if err != nil {
			continue
		}
		if tag, err := repo.TagObject(ref.Hash()); err == nil {
			return tag.Commit()
		}
		return repo.CommitObject(ref.Hash())
	}
	hash, err := repo.ResolveRevision(plumbing.Revision(rev))
	if err != nil {
		return nil, err
	}
	return repo.CommitObject(*hash)
}

// writeTree writes the files of a tree; links may not lead out of it.
func writeTree(tree *object.Tree, dir string) error {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return fmt.Errorf("open the work directory: %w", err)
	}
	defer func() { _ = root.Close() }()
	return tree.Files().ForEach(func(f *object.File) error {
		name := filepath.FromSlash(f.Name)
		base := filepath.Base(name)
		if strings.HasPrefix(base, stateName) {
			return nil // a state that somebody committed is not the truth
		}
		if err := root.MkdirAll(filepath.Dir(name), 0o700); err != nil {
			return fmt.Errorf("write %s: %w", f.Name, err)
		}
		return writeBlob(root, f, name)
	})
}

func writeBlob(root *os.Root, f *object.File, name string) error {
	if f.Mode == filemode.Symlink {
		target, err := f.Contents()
		if err != nil {
			return fmt.Errorf("read %s: %w", f.Name, err)
		}
		if !filepath.IsLocal(filepath.Join(filepath.Dir(name), target)) || filepath.IsAbs(target) {
			return drivers.Invalid("source: the link %s leads out of the repository", f.Name)
		}
		return root.Symlink(target, name)
	}
	mode := os.FileMode(0o600)
	if f.Mode == filemode.Executable {
		mode = 0o700
	}
	in, err := f.Reader()
	if err != nil {
		return fmt.Errorf("read %s: %w", f.Name, err)
	}
	defer func() { _ = in.Close() }()
	out, err := root.OpenFile(name, os.O_CREATE|os.O_WRONLY|os.O_TRUNC, mode)
	if err != nil {
		return fmt.Errorf("write %s: %w", f.Name, err)
	}
	_, err = io.Copy(out, in)
	return errors.Join(err, out.Close())
}

// shownURL leaves out user and password of a URL.
func shownURL(url string) string {
	scheme, rest, found := strings.Cut(url, "://")
	if !found {
		return url
	}
	host, path, _ := strings.Cut(rest, "/")
	return scheme + "://" + host[strings.LastIndex(host, "@")+1:] + "/" + path
}

func shownGitError(err error, s *terraform.Source) string {
	return drivers.Scrub(strings.ReplaceAll(err.Error(), s.URL, shownURL(s.URL)), s.Password, s.SSHKey)
}
