package sidecar_test

import (
	"context"
	"encoding/json"
	"encoding/pem"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"sync/atomic"
	"testing"

	"github.com/go-git/go-git/v5"
	"github.com/go-git/go-git/v5/plumbing/object"
	"github.com/stretchr/testify/require"

	"github.com/slipway-dev/slipway/drivers/container"
	"github.com/slipway-dev/slipway/internal/sidecar"
)

// deliver delivers what is in shared to a server that answers so, one status after the other, the last for ever.
func deliver(t *testing.T, shared string, statuses ...int) (data map[string][]byte, requests int, err error) {
	t.Helper()
	var count atomic.Int64
	s := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		n := int(count.Add(1))
		status := statuses[min(n, len(statuses))-1]
		raw, err := io.ReadAll(r.Body)
		var body struct{ Data map[string][]byte }
		if err != nil || json.Unmarshal(raw, &body) != nil || r.Header.Get("Authorization") != "Bearer the-token" ||
			r.URL.Path != "/api/v1/namespaces/jobs/secrets/results" {
			status = http.StatusBadRequest
		}
		if status == http.StatusOK {
			data = body.Data
		}
		w.WriteHeader(status)
	}))
	defer s.Close()
	access := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(access, "token"), []byte("the-token\n"), 0o600))
	ca := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: s.Certificate().Raw})
	require.NoError(t, os.WriteFile(filepath.Join(access, "ca.crt"), ca, 0o600))
	ended, end := context.WithCancel(t.Context())
	end()
	require.NoError(t, os.MkdirAll(filepath.Join(shared, sidecar.Own), 0o700))
	require.Error(t, sidecar.Ready(shared))
	err = sidecar.Deliver(ended, sidecar.DeliverOptions{Shared: shared, Access: access, Namespace: "jobs", Secret: "results", Server: s.URL})
	require.NoError(t, sidecar.Ready(shared))
	return data, int(count.Load()), err
}

func write(t *testing.T, shared, name, text string) {
	t.Helper()
	path := filepath.Join(shared, name)
	require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o700))
	require.NoError(t, os.WriteFile(path, []byte(text), 0o600))
}

func TestDeliver(t *testing.T) {
	t.Parallel()
	shared := t.TempDir()
	write(t, shared, sidecar.Outputs, `{"a": 1}`)
	write(t, shared, sidecar.Cookie, "")
	data, requests, err := deliver(t, shared, http.StatusServiceUnavailable, http.StatusForbidden, http.StatusOK)
	require.NoError(t, err, "what passes is waited for")
	require.Equal(t, 3, requests)
	require.Equal(t, map[string][]byte{sidecar.KeyOutputs: []byte(`{"a": 1}`), sidecar.KeyCookie: {}, sidecar.KeyDelivered: []byte("true")}, data)
}

// Of a Job that was stopped, Secret and token are gone: its pod must not wait for them.
func TestDeliverGivesUpWhenItIsRefused(t *testing.T) {
	t.Parallel()
	for _, status := range []int{http.StatusUnauthorized, http.StatusForbidden, http.StatusNotFound} {
		t.Run(http.StatusText(status), func(t *testing.T) {
			t.Parallel()
			_, requests, err := deliver(t, t.TempDir(), status)
			require.ErrorContains(t, err, http.StatusText(status))
			require.Equal(t, 5, requests)
		})
	}
}

// A container must not get at the token of the sidecar by way of its results.
func TestDeliverFollowsNoLinkOutside(t *testing.T) {
	t.Parallel()
	shared, elsewhere := t.TempDir(), t.TempDir()
	write(t, elsewhere, "token", "the-token")
	require.NoError(t, os.Mkdir(filepath.Join(shared, sidecar.Own), 0o700))
	require.NoError(t, os.Symlink(filepath.Join(elsewhere, "token"), filepath.Join(shared, sidecar.Outputs)))
	data, _, err := deliver(t, shared, http.StatusOK)
	require.NoError(t, err)
	require.NotContains(t, data, sidecar.KeyOutputs)
	require.Contains(t, string(data[sidecar.KeyError]), "the file of outputs cannot be read")
}

// repository is one with a folder.
func repository(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	write(t, dir, "tools/run", "#!/bin/sh\n")
	require.NoError(t, os.Chmod(filepath.Join(dir, "tools/run"), 0o700))
	write(t, dir, "tools/data", "data")
	repo, err := git.PlainInit(dir, false)
	require.NoError(t, err)
	tree, err := repo.Worktree()
	require.NoError(t, err)
	require.NoError(t, tree.AddGlob("."))
	_, err = tree.Commit("first", &git.CommitOptions{Author: &object.Signature{Name: "a", Email: "a@example.com"}})
	require.NoError(t, err)
	return dir
}

func TestFetch(t *testing.T) {
	t.Parallel()
	fetch := func(t *testing.T, o sidecar.Order) (string, error) {
		t.Helper()
		from, shared := t.TempDir(), t.TempDir()
		raw, err := json.Marshal(o)
		require.NoError(t, err)
		write(t, from, sidecar.OrderKey, string(raw))
		return shared, sidecar.Fetch(t.Context(), from, shared)
	}
	shared, err := fetch(t, sidecar.Order{Files: map[string]string{"a/b.sh": "run"}, Cookie: "memory"})
	require.NoError(t, err)
	for name, want := range map[string]string{"a/b.sh": "run", sidecar.Cookie: "memory"} {
		got, err := os.ReadFile(filepath.Join(shared, name))
		require.NoError(t, err)
		require.Equal(t, want, string(got))
	}
	_, err = fetch(t, sidecar.Order{Files: map[string]string{"../x": "run"}})
	require.ErrorContains(t, err, "path escapes")
	_, err = fetch(t, sidecar.Order{Source: &container.Source{URL: repository(t)}})
	require.Error(t, err, "paths of the machine are no sources")

	// A source, a file beside it, and what is open to other users.
	shared, err = fetch(t, sidecar.Order{Source: &container.Source{URL: repository(t), Path: "tools"}, Files: map[string]string{"beside": "b"}, Local: true})
	require.NoError(t, err)
	for name, mode := range map[string]os.FileMode{"tools": 0o777, "tools/run": 0o755, "tools/data": 0o644, "tools/beside": 0o755, sidecar.Cookie: 0o666} {
		info, err := os.Stat(filepath.Join(shared, name))
		require.NoError(t, err)
		require.Equal(t, mode, info.Mode().Perm(), name)
	}
	_, err = fetch(t, sidecar.Order{Source: &container.Source{URL: repository(t), Path: "nowhere"}, Local: true})
	require.ErrorContains(t, err, `the repository has no folder "nowhere"`)
}
