package runner_test

import (
	"crypto/ed25519"
	"crypto/rand"
	"encoding/pem"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/cgi"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/crypto/ssh"
	"golang.org/x/crypto/ssh/knownhosts"

	"github.com/slipway-dev/slipway/drivers"
	"github.com/slipway-dev/slipway/drivers/terraform"
	"github.com/slipway-dev/slipway/internal/runner"
)

const sourceToken = "token-of-the-repository"

// sourceRepository holds three commits: one has the tag v1, two the annotated tag v2, main is at three.
func sourceRepository(t *testing.T) (*repository, map[string]string) {
	t.Helper()
	r := newRepository(t)
	commits := map[string]string{}
	for _, v := range []string{"one", "two", "three"} {
		commits[v] = r.commit(v, map[string]string{
			"infra/lib/main.tf": `output "v" { value = "` + v + `" }`,
			"infra/db/main.tf":  "module \"lib\" { source = \"../lib\" }\noutput \"v\" { value = module.lib.v }\n",
		})
		switch v {
		case "one":
			r.run("tag", "v1")
		case "two":
			r.run("tag", "-a", "-m", "the second", "v2")
			r.run("branch", "stable")
		}
	}
	return r, commits
}

// checkRevisions deploys every kind of revision.
func (w *world) checkRevisions(source, secret map[string]any, commits map[string]string) {
	w.t.Helper()
	for rev, want := range map[string]string{
		"": "three", "main": "three", "refs/heads/stable": "two", "stable": "two", "v1": "one", "refs/tags/v2": "two", "v2": "two", commits["one"]: "one",
	} {
		res, err := w.provision(w.fromSource(source, secret, rev))
		require.NoError(w.t, err, rev)
		require.Equal(w.t, want, res.Values["v"], rev)
	}
	_, err := w.provision(w.fromSource(source, secret, "nowhere"))
	require.ErrorContains(w.t, err, `no revision "nowhere"`)
}

func (w *world) fromSource(source, secret map[string]any, rev string) drivers.Request {
	w.t.Helper()
	r := w.request("d-"+strings.ReplaceAll(rev, "/", "-"), "", nil)
	all := map[string]any{"rev": rev, "path": "infra/db"}
	for k, v := range source {
		all[k] = v
	}
	r.Values = map[string]any{"source": all}
	r.Secrets = map[string]any{"source": secret}
	return r
}

// TestSourceHTTPS takes code from a Git server with TLS and a token.
func TestSourceHTTPS(t *testing.T) {
	repo, commits := sourceRepository(t)
	path, err := exec.Command("git", "--exec-path").Output()
	require.NoError(t, err)
	backend := &cgi.Handler{
		Path: filepath.Join(strings.TrimSpace(string(path)), "git-http-backend"),
		Env:  []string{"GIT_PROJECT_ROOT=" + repo.dir, "GIT_HTTP_EXPORT_ALL=1", "GIT_CONFIG_COUNT=1", "GIT_CONFIG_KEY_0=safe.directory", "GIT_CONFIG_VALUE_0=*"},
	}
	var asked atomic.Int64
	server := httptest.NewTLSServer(http.HandlerFunc(func(rw http.ResponseWriter, q *http.Request) {
		asked.Add(1)
		if user, password, _ := q.BasicAuth(); user != "robot" || password != sourceToken {
			rw.Header().Set("WWW-Authenticate", `Basic realm="git"`)
			http.Error(rw, "no", http.StatusUnauthorized)
			return
		}
		backend.ServeHTTP(rw, q)
	}))
	defer server.Close()
	ca := filepath.Join(t.TempDir(), "ca.pem")
	require.NoError(t, os.WriteFile(ca, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: server.Certificate().Raw}), 0o600))
	source := map[string]any{"url": server.URL + "/.git", "username": "robot"}

	w := newWorld(t)
	_, err = w.provision(w.fromSource(source, map[string]any{"password": sourceToken}, "unknown-ca"))
	require.ErrorContains(t, err, "certificate")
	require.NotContains(t, err.Error(), sourceToken)

	t.Setenv("SSL_CERT_FILE", ca)
	w.checkRevisions(source, map[string]any{"password": sourceToken}, commits)

	_, err = w.provision(w.fromSource(source, map[string]any{"password": "wrong-" + sourceToken}, "main"))
	require.ErrorContains(t, err, server.URL+"/.git cannot be read")
	require.ErrorContains(t, err, "authentication")
	require.NotContains(t, err.Error(), sourceToken)
	_, err = w.provision(w.fromSource(map[string]any{"url": server.URL + "/.git"}, nil, "stable"))
	require.ErrorContains(t, err, "authentication")

	before := asked.Load()
	again := w.fromSource(source, map[string]any{"password": sourceToken}, commits["one"])
	again.DeploymentID = "d-cached"
	server.Close()
	res, err := w.provision(again)
	require.NoError(t, err, "a commit that is there needs no network")
	require.Equal(t, "one", res.Values["v"])
	require.Equal(t, before, asked.Load())
	again = w.fromSource(source, map[string]any{"password": sourceToken}, "main")
	again.DeploymentID = "d-off"
	_, err = w.provision(again)
	require.ErrorContains(t, err, "cannot be read", "where a branch stands needs it")
}

// sshServer serves git-upload-pack of one repository to the holder of one key.
type sshServer struct {
	addr   string
	host   ssh.PublicKey
	served atomic.Int64
	close  func()
}

func newSSHServer(t *testing.T, dir string, allowed ssh.PublicKey) *sshServer {
	t.Helper()
	_, private, err := ed25519.GenerateKey(rand.Reader)
	require.NoError(t, err)
	signer, err := ssh.NewSignerFromKey(private)
	require.NoError(t, err)
	config := &ssh.ServerConfig{PublicKeyCallback: func(c ssh.ConnMetadata, key ssh.PublicKey) (*ssh.Permissions, error) {
		if c.User() != "git" || string(key.Marshal()) != string(allowed.Marshal()) {
			return nil, fmt.Errorf("no such key")
		}
		return &ssh.Permissions{}, nil
	}}
	config.AddHostKey(signer)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	t.Cleanup(func() { _ = l.Close() })
	s := &sshServer{addr: l.Addr().String(), host: signer.PublicKey(), close: func() { _ = l.Close() }}
	go func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			go s.serve(conn, config, dir)
		}
	}()
	return s
}

func (s *sshServer) serve(conn net.Conn, config *ssh.ServerConfig, dir string) {
	defer func() { _ = conn.Close() }()
	_, channels, requests, err := ssh.NewServerConn(conn, config)
	if err != nil {
		return
	}
	go ssh.DiscardRequests(requests)
	for c := range channels {
		if c.ChannelType() != "session" {
			_ = c.Reject(ssh.UnknownChannelType, "sessions only")
			continue
		}
		channel, asked, err := c.Accept()
		if err != nil {
			return
		}
		go s.session(channel, asked, dir)
	}
}

func (s *sshServer) session(channel ssh.Channel, asked <-chan *ssh.Request, dir string) {
	defer func() { _ = channel.Close() }()
	for q := range asked {
		if q.Type != "exec" || !strings.Contains(string(q.Payload), "git-upload-pack '/repo.git'") {
			_ = q.Reply(q.Type == "env", nil)
			continue
		}
		_ = q.Reply(true, nil)
		s.served.Add(1)
		cmd := exec.Command("git", "-c", "safe.directory=*", "upload-pack", dir)
		cmd.Stdout, cmd.Stderr = channel, channel.Stderr()
		in, err := cmd.StdinPipe()
		if err != nil || cmd.Start() != nil {
			return
		}
		go func() {
			_, _ = io.Copy(in, channel)
			_ = in.Close()
		}()
		status := struct{ Code uint32 }{}
		if cmd.Wait() != nil {
			status.Code = 1
		}
		_, _ = channel.SendRequest("exit-status", false, ssh.Marshal(status))
		return
	}
}

// TestSourceSSH takes code over ssh, with a key, from a known host.
func TestSourceSSH(t *testing.T) {
	t.Parallel()
	repo, commits := sourceRepository(t)
	public, private, err := ed25519.GenerateKey(rand.Reader)
	require.NoError(t, err)
	allowed, err := ssh.NewPublicKey(public)
	require.NoError(t, err)
	block, err := ssh.MarshalPrivateKey(private, "")
	require.NoError(t, err)
	key := string(pem.EncodeToMemory(block))
	_, strange, err := ed25519.GenerateKey(rand.Reader)
	require.NoError(t, err)
	block, err = ssh.MarshalPrivateKey(strange, "")
	require.NoError(t, err)
	server := newSSHServer(t, repo.dir, allowed)
	source := map[string]any{"url": "ssh://git@" + server.addr + "/repo.git"}

	w := newWorld(t)
	_, err = w.provision(w.fromSource(source, map[string]any{"ssh_key": key}, "main"))
	require.ErrorContains(t, err, "known hosts")
	require.True(t, drivers.IsPermanent(err))

	other := newSSHServer(t, repo.dir, allowed)
	w.knowHosts(knownhosts.Line([]string{server.addr}, other.host))
	r := w.fromSource(source, map[string]any{"ssh_key": key}, "stable")
	_, err = w.provision(r)
	require.ErrorContains(t, err, "knownhosts: key mismatch", "another machine answers under the name")
	require.NotContains(t, err.Error(), "PRIVATE")
	w.knowHosts(knownhosts.Line([]string{other.addr}, other.host))
	r.DeploymentID += "-unknown"
	_, err = w.provision(r)
	require.ErrorContains(t, err, "knownhosts: key is unknown")
	require.Zero(t, server.served.Load())

	w.knowHosts(knownhosts.Line([]string{server.addr}, server.host))
	w.checkRevisions(source, map[string]any{"ssh_key": key}, commits)
	_, err = w.provision(w.fromSource(source, map[string]any{"ssh_key": string(pem.EncodeToMemory(block))}, "v1"))
	require.ErrorContains(t, err, "unable to authenticate")
	_, err = w.provision(w.fromSource(source, map[string]any{"ssh_key": "no key"}, "v1"))
	require.ErrorContains(t, err, "no private key")

	before := server.served.Load()
	require.Positive(t, before)
	server.close()
	again := w.fromSource(source, map[string]any{"ssh_key": key}, commits["one"])
	again.DeploymentID = "d-cached"
	res, err := w.provision(again)
	require.NoError(t, err, "a commit that is there needs no network")
	require.Equal(t, "one", res.Values["v"])
}

// knowHosts has runners trust these hosts.
func (w *world) knowHosts(lines string) {
	w.settings.KnownHosts = lines
	w.driver = terraform.New(runner.NewService(runner.ServiceOptions{
		Store: w.store, Keeper: w.keeper, Launcher: runner.Local{Settings: w.settings}, Timing: w.settings.Timing,
	}))
}
