package git

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/go-git/go-git/v5/plumbing/transport"
	"github.com/go-git/go-git/v5/plumbing/transport/http"
	gitssh "github.com/go-git/go-git/v5/plumbing/transport/ssh"
	"golang.org/x/crypto/ssh"
)

const (
	defaultUser = "git"
	sshTimeout  = 30 * time.Second
)

// authentication uses what the Target says and nothing else: never the agent, the keys or the helpers of the user that
// Slipway runs as.
func authentication(ctx context.Context, loc location) (transport.AuthMethod, error) {
	if loc.endpoint.Protocol != "ssh" {
		return httpAuthentication(loc), nil
	}
	user := loc.Username
	if user == "" {
		user = defaultUser
	}
	hosts, err := newHostKeys(loc)
	if err != nil {
		return nil, err
	}
	auth := sshAuthentication{user: user, hosts: hosts, timeout: sshTimeout}
	if deadline, ok := ctx.Deadline(); ok {
		auth.timeout = max(min(auth.timeout, time.Until(deadline)), time.Millisecond)
	}
	switch {
	case loc.SSHKey != "":
		keys, err := gitssh.NewPublicKeys(user, []byte(loc.SSHKey), loc.Password)
		if err != nil {
			// The parser's message is left out: it may quote the key.
			return nil, fmt.Errorf("%w: the ssh key cannot be read (expected a private key in PEM form, and its passphrase as password)", ErrAuthentication)
		}
		auth.method = ssh.PublicKeys(keys.Signer)
	case loc.Password != "":
		auth.method = ssh.Password(loc.Password)
	default:
		return nil, fmt.Errorf("%w: %s needs an ssh key", ErrAuthentication, loc.shown)
	}
	return auth, nil
}

func httpAuthentication(loc location) transport.AuthMethod {
	secret := loc.Token
	if secret == "" {
		secret = loc.Password
	}
	if secret == "" && loc.Username == "" {
		return nil
	}
	user := loc.Username
	if user == "" {
		user = defaultUser
	}
	// The token may also be the user name alone, as in https://TOKEN@host/.
	return &http.BasicAuth{Username: user, Password: secret}
}

// sshAuthentication is one method to log in together with the host keys to accept.
type sshAuthentication struct {
	user    string
	method  ssh.AuthMethod
	hosts   *hostKeys
	timeout time.Duration
}

func (a sshAuthentication) Name() string   { return "ssh" }
func (a sshAuthentication) String() string { return "ssh, user " + a.user }

func (a sshAuthentication) ClientConfig() (*ssh.ClientConfig, error) {
	if a.hosts == nil {
		return nil, errors.New("no host keys are known")
	}
	algorithms, err := a.hosts.algorithms()
	if err != nil {
		return nil, err
	}
	return &ssh.ClientConfig{
		User: a.user, Auth: []ssh.AuthMethod{a.method}, Timeout: a.timeout,
		HostKeyCallback: a.hosts.check, HostKeyAlgorithms: algorithms,
	}, nil
}
