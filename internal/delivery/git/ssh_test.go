package git_test

import (
	"crypto/ed25519"
	"encoding/pem"
	"fmt"
	"io"
	"net"
	"os/exec"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/crypto/ssh"

	"github.com/slipway-dev/slipway/internal/delivery/git"
)

func sshKey(t *testing.T) (*pem.Block, ssh.Signer) {
	t.Helper()
	_, private, err := ed25519.GenerateKey(nil)
	require.NoError(t, err)
	block, err := ssh.MarshalPrivateKey(private, "")
	require.NoError(t, err)
	signer, err := ssh.NewSignerFromKey(private)
	require.NoError(t, err)
	return block, signer
}

// serveSSH runs the git programs for whoever has the key, as an ssh server does.
func serveSSH(t *testing.T, host ssh.Signer, allowed ssh.PublicKey) string {
	t.Helper()
	config := &ssh.ServerConfig{PublicKeyCallback: func(_ ssh.ConnMetadata, key ssh.PublicKey) (*ssh.Permissions, error) {
		if string(key.Marshal()) == string(allowed.Marshal()) {
			return nil, nil
		}
		return nil, fmt.Errorf("unknown key")
	}}
	config.AddHostKey(host)
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	t.Cleanup(func() { _ = listener.Close() })
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			go serveSSHConnection(conn, config)
		}
	}()
	return listener.Addr().String()
}

func serveSSHConnection(conn net.Conn, config *ssh.ServerConfig) {
	server, channels, requests, err := ssh.NewServerConn(conn, config)
	if err != nil {
		_ = conn.Close()
		return
	}
	defer server.Close()
	go ssh.DiscardRequests(requests)
	for wanted := range channels {
		channel, requests, err := wanted.Accept()
		if err != nil {
			return
		}
		for r := range requests {
			if r.Type != "exec" {
				_ = r.Reply(false, nil)
				continue
			}
			_ = r.Reply(true, nil)
			runForSSH(channel, string(r.Payload[4:]))
			break
		}
	}
}

func runForSSH(channel ssh.Channel, command string) {
	defer channel.Close()
	program, argument, _ := strings.Cut(command, " ")
	cmd := exec.Command(program, strings.Trim(argument, "'"))
	cmd.Stdout, cmd.Stderr = channel, channel.Stderr()
	in, err := cmd.StdinPipe()
	if err != nil || cmd.Start() != nil {
		return
	}
	go func() { _, _ = io.Copy(in, channel); _ = in.Close() }()
	status := []byte{0, 0, 0, 0}
	if cmd.Wait() != nil {
		status[3] = 1
	}
	_, _ = channel.SendRequest("exit-status", false, status)
}

func TestDeliverOverSSH(t *testing.T) {
	t.Parallel()
	needGit(t)
	repo := newBare(t)
	key, client := sshKey(t)
	_, host := sshKey(t)
	_, otherHost := sshKey(t)
	address := serveSSH(t, host, client.PublicKey())
	otherKey, _ := sshKey(t)

	base := func(deployment string) git.Request {
		r := request("ssh://git@"+address+repo, deployment, configMap("a", deployment))
		r.SSHKey = string(pem.EncodeToMemory(key))
		return r
	}
	name, port, err := net.SplitHostPort(address)
	require.NoError(t, err)
	line := func(key ssh.PublicKey) string {
		return fmt.Sprintf("[%s]:%s %s", name, port, ssh.MarshalAuthorizedKey(key))
	}

	known := base("d1")
	known.KnownHosts = line(host.PublicKey())
	result := deliver(t, known)
	require.Equal(t, result.Commit, run(t, repo, "rev-parse", "main"))
	require.Equal(t, known.URL, result.URL)

	wrong := base("d2")
	wrong.KnownHosts = line(otherHost.PublicKey())
	_, err = git.New().Deliver(background(t), wrong)
	require.ErrorContains(t, err, "shows another key")

	denied := known
	denied.DeploymentID, denied.SSHKey = "d2", string(pem.EncodeToMemory(otherKey))
	_, err = git.New().Deliver(background(t), denied)
	require.ErrorIs(t, err, git.ErrAuthentication)

	// Without known hosts the key is remembered, and a different one is refused from then on.
	learning := base("d3")
	learning.CacheDir = t.TempDir()
	deliver(t, learning)
	require.True(t, deliver(t, learning).Repeated)
	requireSound(t, repo)
}

func TestARememberedHostKeyThatChangesIsRefused(t *testing.T) {
	t.Parallel()
	needGit(t)
	repo := newBare(t)
	key, client := sshKey(t)
	_, host := sshKey(t)
	_, imposter := sshKey(t)
	r := request("ssh://git@"+serveSSH(t, host, client.PublicKey())+repo, "d1", configMap("a", "1"))
	r.SSHKey, r.CacheDir = string(pem.EncodeToMemory(key)), t.TempDir()
	deliver(t, r)

	// The address of the first server now belongs to a server with another key: the entry is moved instead of the port.
	second := serveSSH(t, imposter, client.PublicKey())
	rewriteKnownHosts(t, r.CacheDir, strings.TrimSuffix(strings.TrimPrefix(r.URL, "ssh://git@"), repo), second)
	r.URL, r.DeploymentID = "ssh://git@"+second+repo, "d2"
	_, err := git.New().Deliver(background(t), r)
	require.ErrorIs(t, err, git.ErrRefused)
	require.ErrorContains(t, err, "somebody may be in between")
}
