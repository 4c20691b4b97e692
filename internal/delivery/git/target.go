package git

import (
	"errors"
	"fmt"
	"net"
	"net/url"
	"path"
	"path/filepath"
	"strings"

	"github.com/go-git/go-git/v5/plumbing"
	"github.com/go-git/go-git/v5/plumbing/transport"
)

// What happens to objects of kind Secret.
const (
	SecretsSOPS   = "sops"   // written encrypted to Target.AgeRecipients
	SecretsRefuse = "refuse" // an object of kind Secret fails the delivery
)

const defaultBranch = "main"

// Target is where an Environment goes.
type Target struct {
	// URL is a path or file:// (bare repository), https://, ssh:// or user@host:path. Credentials in it are used and
	// never shown. Credentials over http:// are refused unless the host is this machine.
	URL string
	// Branch is created when it does not exist, with a first commit of its own. Default "main".
	Branch string
	// Path is the directory of the Environment in the repository, with slashes. Empty is the root. Two Environments
	// cannot share one.
	Path string

	// SSHKey is a private key in PEM form; Password its passphrase if it has one.
	SSHKey string `json:"-"`
	// Username, and Password or Token, for https. With only a Token the name is "git", which GitHub, GitLab and
	// Gitea take.
	Username string
	Password string `json:"-"`
	Token    string `json:"-"`
	// KnownHosts are the lines of a known_hosts file: then only these host keys are accepted. Without them the key of a
	// host is accepted and remembered in CacheDir at the first contact, and a different one is refused afterwards;
	// without a CacheDir KnownHosts are needed.
	KnownHosts string
	// CABundle are PEM certificates to trust in addition, for https.
	CABundle string

	// AgeRecipients (age1...) are who can open the Secrets; the cluster's key should be among them.
	AgeRecipients []string
	// SecretsMode is SecretsSOPS (default) or SecretsRefuse.
	SecretsMode string
	// CacheDir keeps history between deliveries. Empty: everything is fetched each time, into memory.
	CacheDir string
}

// String gives the repository, branch and path, never a credential. A Request prints like this too.
func (t Target) String() string {
	loc, err := t.resolve()
	if err != nil {
		return "git target (not usable)"
	}
	return fmt.Sprintf("%s, branch %s, path /%s", loc.shown, loc.Branch, loc.Path)
}

// GoString is String, for %#v.
func (t Target) GoString() string { return t.String() }

// location is a checked Target.
type location struct {
	Target
	endpoint *transport.Endpoint // nil for a repository on this machine
	local    string              // its path
	shown    string              // the URL without credentials
}

func (t Target) resolve() (location, error) {
	loc := location{Target: t}
	if loc.Branch == "" {
		loc.Branch = defaultBranch
	}
	if err := plumbing.NewBranchReferenceName(loc.Branch).Validate(); err != nil || strings.HasPrefix(loc.Branch, "-") {
		return location{}, fmt.Errorf("branch %q is not a valid branch name", t.Branch)
	}
	clean, err := cleanPath(t.Path)
	if err != nil {
		return location{}, err
	}
	loc.Path = clean
	if t.SecretsMode != "" && t.SecretsMode != SecretsSOPS && t.SecretsMode != SecretsRefuse {
		return location{}, fmt.Errorf("secrets mode %q is not known; use %q or %q", t.SecretsMode, SecretsSOPS, SecretsRefuse)
	}
	err = loc.parseURL()
	return loc, err
}

// cleanPath gives a directory relative to the root of the repository, "" for the root itself.
func cleanPath(p string) (string, error) {
	for _, part := range strings.Split(p, "/") {
		if part == ".." || strings.EqualFold(part, ".git") || strings.ContainsAny(part, "\\\x00\n\r") {
			return "", fmt.Errorf("path %q is not a directory inside the repository", p)
		}
	}
	return strings.Trim(path.Clean("/"+p), "/"), nil
}

func (l *location) parseURL() error {
	raw := strings.TrimSpace(l.URL)
	if raw == "" {
		return errors.New("the repository URL is empty")
	}
	if rest, ok := strings.CutPrefix(raw, "file://"); ok {
		l.local, l.shown = filepath.FromSlash(rest), raw
		return nil
	}
	endpoint, err := transport.NewEndpoint(raw)
	if err != nil {
		// The parser's message quotes the URL, with its credentials.
		return errors.New("the repository URL cannot be read; expected a path, file://, https://, ssh:// or user@host:path")
	}
	switch endpoint.Protocol {
	case "file":
		l.local, l.shown = raw, raw
		return nil
	case "https", "http", "ssh":
	default:
		return fmt.Errorf("repositories over %s:// are not supported; use a path, file://, https:// or ssh://", endpoint.Protocol)
	}
	l.takeCredentials(endpoint)
	if endpoint.Protocol == "http" && l.hasHTTPCredentials() && !isLoopback(endpoint.Host) {
		return fmt.Errorf("credentials would cross the network unprotected over http:// to %s; use https://", endpoint.Host)
	}
	if l.CABundle != "" {
		endpoint.CaBundle = []byte(l.CABundle)
	}
	l.endpoint = endpoint
	l.shown = showEndpoint(endpoint)
	return nil
}

// takeCredentials moves what stood in the URL to the fields, which win.
func (l *location) takeCredentials(endpoint *transport.Endpoint) {
	if l.Username == "" {
		l.Username = endpoint.User
	}
	if l.Password == "" {
		l.Password = endpoint.Password
	}
	endpoint.Password = ""
	if endpoint.Protocol != "ssh" {
		endpoint.User = ""
	}
}

func (l *location) hasHTTPCredentials() bool {
	return l.Token != "" || l.Password != "" || l.Username != ""
}

// remoteURL is the URL for the transport, without credentials. The short form user@host:path stays as it is: its path is
// relative to the user's home, which ssh:// cannot say.
func (l location) remoteURL() string {
	if l.endpoint.Protocol == "ssh" && !strings.Contains(l.URL, "://") {
		return strings.TrimSpace(l.URL)
	}
	return l.endpoint.String()
}

// dial gives a fresh endpoint for one session.
func (l location) dial() (*transport.Endpoint, error) {
	endpoint, err := transport.NewEndpoint(l.remoteURL())
	if err != nil {
		return nil, errors.New("the repository URL cannot be read")
	}
	endpoint.CaBundle = l.endpoint.CaBundle
	return endpoint, nil
}

func isLoopback(host string) bool {
	if host == "localhost" {
		return true
	}
	ip := net.ParseIP(strings.Trim(host, "[]"))
	return ip != nil && ip.IsLoopback()
}

func showEndpoint(endpoint *transport.Endpoint) string {
	shown := url.URL{Scheme: endpoint.Protocol, Host: endpoint.Host, Path: "/" + strings.TrimPrefix(endpoint.Path, "/")}
	if endpoint.Port != 0 && endpoint.Port != map[string]int{"http": 80, "https": 443, "ssh": 22}[endpoint.Protocol] {
		shown.Host = fmt.Sprintf("%s:%d", endpoint.Host, endpoint.Port)
	}
	if endpoint.Protocol == "ssh" && endpoint.User != "" {
		shown.User = url.User(endpoint.User)
	}
	// A token can hide in the query of an HTTP URL, so only the path before it is shown.
	shown.Path, _, _ = strings.Cut(shown.Path, "?")
	return shown.String()
}
