package git_test

import (
	"context"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"net"
	"net/http"
	"net/http/cgi"
	"net/http/httptest"
	"net/http/httputil"
	neturl "net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/slipway-dev/slipway/internal/delivery/git"
)

const token = "ghp_token-that-must-not-be-shown"

// serveHTTP serves a bare repository with Git's own smart HTTP program, behind a token.
func serveHTTP(t *testing.T, repo string) (url string, requests *atomic.Int64) {
	t.Helper()
	needGit(t)
	execPath, err := exec.Command("git", "--exec-path").Output()
	require.NoError(t, err)
	backend := filepath.Join(strings.TrimSpace(string(execPath)), "git-http-backend")
	if _, err := os.Stat(backend); err != nil {
		t.Skip("git-http-backend is not on this machine")
	}
	run(t, repo, "config", "http.receivepack", "true")
	handler := &cgi.Handler{Path: backend, Env: []string{"GIT_PROJECT_ROOT=" + filepath.Dir(repo), "GIT_HTTP_EXPORT_ALL=1"}}
	requests = &atomic.Int64{}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		requests.Add(1)
		if _, password, _ := r.BasicAuth(); password != token {
			w.Header().Set("WWW-Authenticate", "Basic")
			w.WriteHeader(http.StatusUnauthorized)
			return
		}
		handler.ServeHTTP(w, r)
	}))
	t.Cleanup(server.Close)
	return server.URL + "/" + filepath.Base(repo), requests
}

func overHTTP(t *testing.T, url, deployment, cache string, objects ...git.Object) git.Request {
	t.Helper()
	r := request(url, deployment, objects...)
	r.Token, r.CacheDir = token, cache
	return r
}

func TestDeliverOverHTTP(t *testing.T) {
	t.Parallel()
	for name, cached := range map[string]bool{"with a cache": true, "in memory": false} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			repo := newBare(t)
			url, _ := serveHTTP(t, repo)
			cache := ""
			if cached {
				cache = t.TempDir()
			}
			identity := newIdentity(t)
			first := deliver(t, withSecrets(overHTTP(t, url, "d1", cache, secret("db", canary), configMap("a", "1")), identity.Recipient().String()))
			require.Equal(t, url, first.URL)
			require.Equal(t, first.Commit, run(t, repo, "rev-parse", "main"))
			again := deliver(t, withSecrets(overHTTP(t, url, "d1", cache, secret("db", canary), configMap("a", "1")), identity.Recipient().String()))
			require.True(t, again.Repeated)
			foreign(t, repo, "README.md", "hello")
			second := deliver(t, withSecrets(overHTTP(t, url, "d2", cache, secret("db", canary), configMap("a", "1")), identity.Recipient().String()))
			require.True(t, second.Unchanged)
			require.Equal(t, 4, commits(t, repo))
			removed, err := git.New().Remove(background(t), overHTTP(t, url, "d3", cache))
			require.NoError(t, err)
			require.Len(t, removed.Removed, 4)
			require.Equal(t, []string{"README.md"}, files(t, repo))
			requireSound(t, repo)
			requireNoCanary(t, repo)
		})
	}
}

func TestEmptyRepositoryAndMissingBranchOverHTTP(t *testing.T) {
	t.Parallel()
	needGit(t)
	empty := filepath.Join(t.TempDir(), "empty.git")
	run(t, t.TempDir(), "init", "-q", "--bare", "-b", "main", empty)
	url, _ := serveHTTP(t, empty)
	cache := t.TempDir()
	deliver(t, overHTTP(t, url, "d1", cache, configMap("a", "1")))
	require.Equal(t, 1, commits(t, empty))
	r := overHTTP(t, url, "d1", cache, configMap("a", "1"))
	r.Branch = "other"
	result := deliver(t, r)
	require.Equal(t, result.Commit, run(t, empty, "rev-parse", "other"))
	require.True(t, deliver(t, r).Repeated)
	run(t, empty, "branch", "-D", "other")
	require.False(t, deliver(t, r).Repeated, "a branch that was deleted is made again")
}

func TestConcurrentEnvironmentsOverHTTP(t *testing.T) {
	t.Parallel()
	for name, shared := range map[string]bool{"one cache": true, "a cache each, as on other machines": false} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			repo := newBare(t)
			url, _ := serveHTTP(t, repo)
			dir := t.TempDir()
			requireConcurrentDeliveries(t, repo, func(i int) git.Request {
				cache := dir
				if !shared {
					cache = filepath.Join(dir, fmt.Sprint(i))
				}
				return overHTTP(t, url, fmt.Sprintf("d%d", i), cache)
			})
		})
	}
}

// The history is fetched in part, old content comes back, the cache is damaged or is gone, the branch is rewritten: each
// time the delivery goes on.
func TestPartialHistoryAndDamagedCache(t *testing.T) {
	t.Parallel()
	repo := newBare(t)
	url, _ := serveHTTP(t, repo)
	for i := range 6 {
		deliver(t, request(repo, fmt.Sprintf("old%d", i), configMap("a", fmt.Sprint(i))))
	}
	cache := t.TempDir()
	d := &git.Deliverer{HistoryDepth: 3}
	step := func(deployment, value string) git.Result {
		result, err := d.Deliver(background(t), overHTTP(t, url, deployment, cache, configMap("a", value)))
		require.NoError(t, err)
		require.Equal(t, result.Commit, run(t, repo, "rev-parse", "main"))
		return result
	}
	step("d1", "new")
	caches, err := filepath.Glob(filepath.Join(cache, "*.git"))
	require.NoError(t, err)
	require.Len(t, caches, 1)
	require.Equal(t, "true", run(t, caches[0], "rev-parse", "--is-shallow-repository"))

	// Somebody reverts to content that lies before the fetched part.
	clone := filepath.Join(t.TempDir(), "clone")
	run(t, t.TempDir(), "clone", "-q", repo, clone)
	run(t, clone, "checkout", "-q", "HEAD~5", "--", "envs")
	run(t, clone, "commit", "-q", "-m", "revert by hand")
	run(t, clone, "push", "-q")
	step("d2", "newer")
	for i := range 4 {
		step(fmt.Sprintf("e%d", i), fmt.Sprint(i))
	}

	packs, err := filepath.Glob(filepath.Join(caches[0], "objects", "pack", "*.pack"))
	require.NoError(t, err)
	require.NotEmpty(t, packs)
	for _, pack := range packs {
		require.NoError(t, os.Remove(pack))
	}
	step("d3", "after damage")
	require.NoError(t, os.RemoveAll(cache))
	step("d4", "after loss")

	run(t, clone, "fetch", "-q")
	run(t, clone, "reset", "-q", "--hard", "origin/main~3")
	run(t, clone, "push", "-q", "--force", "origin", "HEAD:main")
	step("d5", "after a rewrite")
	requireSound(t, repo)
}

func TestCredentialsStayOutOfErrorsAndResults(t *testing.T) {
	t.Parallel()
	repo := newBare(t)
	url, _ := serveHTTP(t, repo)
	inURL := func(user string) string { return strings.Replace(url, "http://", "http://"+user+"@", 1) }
	cases := map[string]struct {
		target git.Target
		is     error
		want   string
	}{
		"wrong token":            {git.Target{URL: url, Token: "wr0ng-token"}, git.ErrAuthentication, "does not accept"},
		"no token":               {git.Target{URL: url}, git.ErrAuthentication, "does not accept"},
		"wrong token in the URL": {git.Target{URL: inURL("me:wr0ng-token")}, git.ErrAuthentication, "does not accept"},
		"user name is the token": {git.Target{URL: inURL("wr0ng-token")}, git.ErrAuthentication, "does not accept"},
		"unreadable URL":         {git.Target{URL: "https://me:wr0ng-token@ho st/%zz"}, git.ErrRefused, "cannot be read"},
		"not over plain http":    {git.Target{URL: "http://git.example.com/x.git", Token: "wr0ng-token"}, git.ErrRefused, "unprotected"},
		"ssh without a key":      {git.Target{URL: "ssh://git@127.0.0.1:1/x.git", KnownHosts: "127.0.0.1 ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJEAdtLNuqTgpvQCQjCKbZ2zBiIOHZyRAxgN5ZJNAbcT"}, git.ErrAuthentication, "needs an ssh key"},
		"ssh with a bad key":     {git.Target{URL: "git@127.0.0.1:x.git", SSHKey: "wr0ng-token", CacheDir: t.TempDir()}, git.ErrAuthentication, "cannot be read"},
		"ssh, host unknown":      {git.Target{URL: "git@127.0.0.1:x.git", SSHKey: "wr0ng-token"}, git.ErrRefused, "ssh-keyscan"},
		"nobody listens":         {git.Target{URL: "https://127.0.0.1:1/x.git", Token: "wr0ng-token"}, nil, "https://127.0.0.1:1/x.git"},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := request("", "d1", configMap("a", "1"))
			r.Target = tc.target
			_, err := git.New().Deliver(background(t), r)
			require.ErrorContains(t, err, tc.want)
			if tc.is != nil {
				require.ErrorIs(t, err, tc.is)
			}
			for e := err; e != nil; {
				require.NotContains(t, e.Error(), "wr0ng")
				inner, ok := e.(interface{ Unwrap() error })
				if !ok {
					break
				}
				e = inner.Unwrap()
			}
		})
	}

	r := request(inURL("me:"+token), "d1", secret("db", canary))
	r.SSHKey, r.Password, r.AgeRecipients = "wr0ng-key", "wr0ng-password", []string{newIdentity(t).Recipient().String()}
	asJSON, err := json.Marshal(r.Target)
	require.NoError(t, err)
	for _, shown := range []string{fmt.Sprint(r), fmt.Sprintf("%+v %#v", r, r), fmt.Sprintf("%v %#v", r.Target, &r.Target), string(asJSON)} {
		require.NotContains(t, shown, "wr0ng")
		require.NotContains(t, shown, canary)
	}
	require.Equal(t, url+", branch main, path /envs/dev", r.String())
	r.SSHKey, r.Password = "", ""
	result := deliver(t, r)
	require.Equal(t, url, result.URL)
	require.NotContains(t, fmt.Sprintf("%+v", result), token)
}

// The push arrives, the answer does not.
func TestALostAnswerMakesNoSecondCommit(t *testing.T) {
	t.Parallel()
	repo := newBare(t)
	url, _ := serveHTTP(t, repo)
	backend, err := neturl.Parse(url)
	require.NoError(t, err)
	proxy := httputil.NewSingleHostReverseProxy(&neturl.URL{Scheme: "http", Host: backend.Host})
	var pushes atomic.Int64
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodPost && strings.HasSuffix(r.URL.Path, "/git-receive-pack") && pushes.Add(1) == 1 {
			proxy.ServeHTTP(httptest.NewRecorder(), r)
			panic(http.ErrAbortHandler)
		}
		proxy.ServeHTTP(w, r)
	}))
	t.Cleanup(server.Close)
	result := deliver(t, overHTTP(t, server.URL+backend.Path, "d1", t.TempDir(), configMap("a", "1")))
	require.True(t, result.Repeated)
	require.Equal(t, int64(1), pushes.Load())
	require.Equal(t, 2, commits(t, repo))
	require.Equal(t, result.Commit, run(t, repo, "rev-parse", "main"))
}

func TestAHookThatDeclinesIsNotRetriedForever(t *testing.T) {
	t.Parallel()
	repo := newBare(t)
	url, requests := serveHTTP(t, repo)
	hook := filepath.Join(repo, "hooks", "pre-receive")
	require.NoError(t, os.MkdirAll(filepath.Dir(hook), 0o755))
	require.NoError(t, os.WriteFile(hook, []byte("#!/bin/sh\necho protected; exit 1\n"), 0o755))
	_, err := git.New().Deliver(background(t), overHTTP(t, url, "d1", "", configMap("a", "1")))
	require.ErrorContains(t, err, "pre-receive hook declined")
	require.Less(t, requests.Load(), int64(40))
}

func TestASilentServerEndsWithTheContext(t *testing.T) {
	t.Parallel()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			defer func() { _ = conn.Close() }()
		}
	}()
	t.Cleanup(func() {
		_ = listener.Close()
		<-ended
	})
	key, _ := sshKey(t)
	address := listener.Addr().String()
	for _, target := range []git.Target{
		{URL: "http://" + address + "/x.git"},
		{URL: "ssh://git@" + address + "/x.git", SSHKey: string(pem.EncodeToMemory(key)), CacheDir: t.TempDir()},
	} {
		ctx, cancel := context.WithTimeout(context.Background(), 300*time.Millisecond)
		r := request("", "d1", configMap("a", "1"))
		r.Target = target
		_, err := git.New().Deliver(ctx, r)
		cancel()
		require.ErrorIs(t, err, context.DeadlineExceeded, target.URL)
	}
}
