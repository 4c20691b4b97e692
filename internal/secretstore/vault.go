package secretstore

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	bao "github.com/openbao/openbao/api/v2"

	"github.com/slipway-dev/slipway/drivers/external"
	"github.com/slipway-dev/slipway/orchestrator"
)

const (
	defaultMount = "secret" // as Vault and OpenBao in dev mode have it
	defaultKey   = "value"  // key in a secret, as the published Operator has it
)

// vault is one store during one call.
type vault struct {
	b  *Backend
	at orchestrator.StoreAccess
}

func (b *Backend) vault(at orchestrator.StoreAccess) vault { return vault{b, at} }

// client makes a client without a token. Nothing of the environment is used: it
// belongs to whoever runs the process, the address to whoever set up the store.
func (v vault) client() (*bao.Client, error) {
	client, err := bao.NewClient(&bao.Config{
		Address: v.at.Store.Settings["url"], HttpClient: v.b.http, DisableEnvironment: true,
		MaxRetries: 2, MinRetryWait: 200 * time.Millisecond, MaxRetryWait: time.Second,
	})
	if err != nil {
		return nil, orchestrator.Invalidf("secret store %q: its address cannot be used", v.at.Store.ID)
	}
	if namespace := v.at.Store.Settings["namespace"]; namespace != "" {
		client.SetNamespace(namespace)
	}
	return client, nil
}

// mount splits the path of the store into the mount of the KV engine and a
// folder in it: secret, or secret/data/team.
func (v vault) mount() (mount, folder string) {
	path := strings.Trim(v.at.Store.Settings["path"], "/")
	if path == "" {
		return defaultMount, ""
	}
	mount, folder, _ = strings.Cut(path, "/data/")
	if folder != "" {
		folder += "/"
	}
	return strings.TrimSuffix(mount, "/data"), folder
}

// read reads one version of one key.
func (v vault) read(ctx context.Context, ref, version string) (string, error) {
	name, key, named := strings.Cut(ref, "#")
	if !named || key == "" {
		key = defaultKey
	}
	if !isPath(name) {
		return "", v.invalid("read", ref, "this is no path below the mount")
	}
	number := 0
	if version != "" {
		n, err := strconv.Atoi(version)
		if err != nil || n < 1 {
			return "", v.invalid("read", ref, "the version has to be a whole number from 1")
		}
		number = n
	}
	mount, folder := v.mount()
	var found *bao.KVSecret
	err := v.signedIn(ctx, "read", ref, func(client *bao.Client) error {
		var err error
		if number > 0 {
			found, err = client.KVv2(mount).GetVersion(ctx, folder+name, number)
		} else {
			found, err = client.KVv2(mount).Get(ctx, folder+name)
		}
		return err
	})
	if err != nil {
		return "", err
	}
	if found.Data == nil {
		return "", v.invalid("read", ref, "this version was deleted")
	}
	text, ok := found.Data[key].(string)
	if _, there := found.Data[key]; there && !ok {
		return "", v.invalid("read", ref, "its key "+strconv.Quote(key)+" holds no text")
	}
	if !ok {
		return "", v.invalid("read", ref, "it has no key "+strconv.Quote(key)+"; name one behind a #; it has: "+keysOf(found.Data))
	}
	return text, nil
}

// isPath reports whether a reference stays below the mount.
func isPath(ref string) bool {
	for segment := range strings.SplitSeq(ref, "/") {
		if segment == "" || segment == "." || segment == ".." {
			return false
		}
	}
	return true
}

func keysOf(data map[string]any) string {
	names := make([]string, 0, len(data))
	for name := range data {
		names = append(names, name)
	}
	slices.Sort(names)
	return strings.Join(names, ", ")
}

// write stores a new version.
func (v vault) write(ctx context.Context, ref, value string) (string, error) {
	mount, folder := v.mount()
	if !isPath(ref) || strings.Contains(ref, "#") {
		return "", v.invalid("write", ref, "this name cannot be a path of the store; use another key")
	}
	var made *bao.KVSecret
	err := v.signedIn(ctx, "write", ref, func(client *bao.Client) error {
		var err error
		made, err = client.KVv2(mount).Put(ctx, folder+ref, map[string]any{defaultKey: value})
		return err
	})
	if err != nil {
		return "", err
	}
	return strconv.Itoa(made.VersionMetadata.Version), nil
}

// signedIn calls fn with a client that has a token, a second time with a new
// one when a token that a login gave is refused: it may have been revoked.
func (v vault) signedIn(ctx context.Context, doing, ref string, fn func(*bao.Client) error) error {
	for attempt := 1; ; attempt++ {
		client, err := v.client()
		if err != nil {
			return err
		}
		fresh, err := v.authenticate(ctx, client)
		if err != nil {
			return v.fault(err, "sign in", "")
		}
		err = fn(client)
		if err == nil {
			return nil
		}
		if statusOf(err) == http.StatusForbidden && !fresh && attempt == 1 && v.at.Auth["token"] == "" {
			v.b.sessions.forget(v.sessionKey())
			continue
		}
		return v.fault(err, doing, ref)
	}
}

func statusOf(err error) int {
	var response *bao.ResponseError
	if errors.As(err, &response) {
		return response.StatusCode
	}
	return 0
}

// fault says what went wrong. What the server wrote is not repeated: it may
// quote the request.
func (v vault) fault(err error, doing, ref string) error {
	var known *orchestrator.Error
	if errors.As(err, &known) {
		return err
	}
	status := statusOf(err)
	switch {
	case status == http.StatusServiceUnavailable:
		return v.away(err, doing, ref, "it is sealed or has no active node (HTTP 503)")
	case status == http.StatusTooManyRequests || status >= http.StatusInternalServerError:
		return v.away(err, doing, ref, "it answered HTTP "+strconv.Itoa(status))
	case status == http.StatusForbidden && doing == "sign in":
		return v.invalid(doing, ref, "the credentials are refused (HTTP 403)")
	case status == http.StatusForbidden:
		return v.invalid(doing, ref, "permission denied (HTTP 403); a policy of the store has to allow it")
	case status == http.StatusNotFound || errors.Is(err, bao.ErrSecretNotFound):
		return v.invalid(doing, ref, "it does not exist; is there a KV engine of version 2 at this mount?")
	case status != 0:
		return v.invalid(doing, ref, "it answered HTTP "+strconv.Itoa(status))
	case external.IsBlocked(err):
		return orchestrator.Wrapf(orchestrator.CodeInvalid, err, "secret store %q: %s", v.at.Store.ID, blockedText(err))
	}
	var network *url.Error
	if errors.As(err, &network) || errors.Is(err, context.DeadlineExceeded) {
		return v.away(err, doing, ref, "it did not answer within "+v.b.options.Timeout.String())
	}
	return v.invalid(doing, ref, "its answer is not that of a KV engine of version 2")
}

// blockedText is the innermost message, without the request.
func blockedText(err error) string {
	for next := errors.Unwrap(err); next != nil; next = errors.Unwrap(err) {
		err = next
	}
	return err.Error()
}

func (v vault) about(doing, ref string) string {
	mount, folder := v.mount()
	out := "secret store " + strconv.Quote(v.at.Store.ID) + ": could not " + doing
	if ref != "" {
		out += " " + strconv.Quote(ref) + " below " + mount + "/" + folder
	}
	return out
}

func (v vault) invalid(doing, ref, why string) error {
	return orchestrator.Invalidf("%s: %s", v.about(doing, ref), why)
}

// away keeps the cause for the log: addresses and statuses, no values.
func (v vault) away(err error, doing, ref, why string) error {
	if statusOf(err) != 0 {
		err = nil // the server's own text
	}
	return orchestrator.Wrapf(orchestrator.CodeUnavailable, err, "%s: %s", v.about(doing, ref), why)
}
