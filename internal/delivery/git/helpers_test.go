package git_test

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"filippo.io/age"
	"github.com/stretchr/testify/require"

	"github.com/slipway-dev/slipway/internal/delivery/git"
)

// The canary stands for a secret value: it must be found nowhere in a repository.
const canary = "c4nary-pa55word-of-the-database"

var when = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

func background(t *testing.T) context.Context {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Minute)
	t.Cleanup(cancel)
	return ctx
}

func newBare(t *testing.T) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "repo.git")
	require.NoError(t, git.InitBare(path, ""))
	return path
}

func newIdentity(t *testing.T) *age.X25519Identity {
	t.Helper()
	identity, err := age.GenerateX25519Identity()
	require.NoError(t, err)
	return identity
}

func fingerprint(data []byte) string {
	h := hmac.New(sha256.New, []byte("key of the test"))
	h.Write(data)
	return hex.EncodeToString(h.Sum(nil))
}

func object(apiVersion, kind, namespace, name string, extra map[string]any) git.Object {
	meta := map[string]any{"name": name}
	if namespace != "" {
		meta["namespace"] = namespace
	}
	tree := map[string]any{"apiVersion": apiVersion, "kind": kind, "metadata": meta}
	for k, v := range extra {
		tree[k] = v
	}
	return git.Object{APIVersion: apiVersion, Kind: kind, Namespace: namespace, Name: name, Tree: tree}
}

func configMap(name, value string) git.Object {
	return object("v1", "ConfigMap", "shop", name, map[string]any{"data": map[string]any{"value": value}})
}

func secret(name, value string) git.Object {
	return object("v1", "Secret", "shop", name, map[string]any{
		"data": map[string]any{"password": base64.StdEncoding.EncodeToString([]byte(value))}, "type": "Opaque",
	})
}

func request(url, deployment string, objects ...git.Object) git.Request {
	return git.Request{
		Target:       git.Target{URL: url, Path: "envs/dev"},
		Objects:      objects,
		DeploymentID: deployment, SetID: "set-" + deployment, OrgID: "acme", AppID: "shop", EnvID: "dev",
		Author: "Ann Example", AuthorEmail: "ann@example.com", Comment: "Bigger buttons", Time: when, Fingerprint: fingerprint,
	}
}

func deliver(t *testing.T, r git.Request) git.Result {
	t.Helper()
	result, err := git.New().Deliver(background(t), r)
	require.NoError(t, err)
	return result
}

// run calls the git program, which checks our repositories with other eyes.
func run(t *testing.T, dir string, args ...string) string {
	t.Helper()
	return strings.TrimSpace(string(runRaw(t, dir, args...)))
}

func runRaw(t *testing.T, dir string, args ...string) []byte {
	t.Helper()
	cmd := exec.Command("git", args...)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "GIT_CONFIG_GLOBAL="+os.DevNull, "GIT_CONFIG_SYSTEM="+os.DevNull,
		"GIT_AUTHOR_NAME=x", "GIT_AUTHOR_EMAIL=x@x", "GIT_COMMITTER_NAME=x", "GIT_COMMITTER_EMAIL=x@x")
	var out, errs bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errs
	require.NoError(t, cmd.Run(), "git %v: %s", args, errs.String())
	return out.Bytes()
}

func needGit(t *testing.T) {
	t.Helper()
	if _, err := exec.LookPath("git"); err != nil {
		t.Skip("no git program on this machine: the repository cannot be checked with it")
	}
}

func commits(t *testing.T, repo string) int {
	t.Helper()
	return len(strings.Fields(run(t, repo, "rev-list", "main")))
}

func files(t *testing.T, repo string) []string {
	t.Helper()
	return strings.Fields(run(t, repo, "ls-tree", "-r", "--name-only", "main"))
}

func show(t *testing.T, repo, file string) string {
	t.Helper()
	return string(runRaw(t, repo, "show", "main:"+file))
}

// foreign commits a file as somebody else would, from a clone.
func foreign(t *testing.T, repo, file, content string) {
	t.Helper()
	clone := filepath.Join(t.TempDir(), "clone")
	run(t, t.TempDir(), "clone", "-q", repo, clone)
	require.NoError(t, os.MkdirAll(filepath.Dir(filepath.Join(clone, file)), 0o755))
	require.NoError(t, os.WriteFile(filepath.Join(clone, file), []byte(content), 0o644))
	run(t, clone, "add", "-A")
	run(t, clone, "commit", "-q", "-m", "by hand")
	run(t, clone, "push", "-q", "origin", "HEAD:main")
}

func requireSound(t *testing.T, repo string) {
	t.Helper()
	run(t, repo, "fsck", "--strict", "--no-dangling")
	require.Empty(t, run(t, repo, "rev-list", "--merges", "main"), "the history is linear")
}

// rewriteKnownHosts moves the remembered key of one address to another.
func rewriteKnownHosts(t *testing.T, cache, from, to string) {
	t.Helper()
	file := filepath.Join(cache, "known_hosts")
	raw, err := os.ReadFile(file)
	require.NoError(t, err)
	bracketed := func(address string) string {
		host, port, _ := strings.Cut(address, ":")
		return "[" + host + "]:" + port
	}
	require.Contains(t, string(raw), bracketed(from))
	require.NoError(t, os.WriteFile(file, []byte(strings.ReplaceAll(string(raw), bracketed(from), bracketed(to))), 0o600))
}
