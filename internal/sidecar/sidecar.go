// Package sidecar is what runs beside a user's container in a Job of the
// container driver: Fetch prepares the files before it starts, Deliver carries what
// it has written back into a Secret.
//
// Deliver is a restartable init container: Kubernetes ends it after the user's
// container has ended, whatever the exit code, and that is when it delivers. Its token
// is for one service account, which may patch one Secret and nothing else; the user's
// container has neither the token nor the Secret.
package sidecar

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// Files of the folder that the containers share, below its path. Sources and files are in the folder itself: published definitions
// name them by its path. What is Slipway's is in Own.
const (
	Own           = ".slipway"
	Outputs       = Own + "/outputs.json"
	SecretOutputs = Own + "/secret-outputs.json"
	ErrorText     = Own + "/error.txt"
	Manifests     = Own + "/manifests.json"
	Cookie        = Own + "/cookie"
	Script        = Own + "/run.sh"
)

// Keys of the Secret with the results. KeyDelivered is there when everything else is.
const (
	KeyOutputs       = "outputs"
	KeySecretOutputs = "secret-outputs"
	KeyError         = "error"
	KeyManifests     = "manifests"
	KeyCookie        = "cookie"
	KeyDelivered     = "delivered"
)

// maxResult bounds what is delivered, in bytes: a Secret holds 1 MiB.
const maxResult = 900 << 10

// maxError bounds the text of an error.
const maxError = 8 << 10

// DeliverOptions say what is delivered where.
type DeliverOptions struct {
	// Shared is the folder that the containers share.
	Shared string
	// Access is the folder with token and ca.crt.
	Access string
	// Namespace and Secret name where the results go.
	Namespace, Secret string
	// Server is the URL of the API server; default is the cluster that the pod runs in.
	Server string
	// StatePath is a file below Shared whose content is carried into the Secret StateSecret whenever it changes, and once more at
	// the end; "" is none.
	StatePath, StateSecret string
}

const (
	// deliverWithin is how long an API server may be away.
	deliverWithin = 2 * time.Minute
	// maxRefusals is how often the API server may refuse the results, a second apart: rights that were given a moment ago may not
	// be everywhere yet, but of a Job that was stopped the Secret, and with it the token, is gone.
	maxRefusals = 5
)

// status is an answer of the API server that is no success.
type status int

func (s status) Error() string {
	return fmt.Sprintf("the API server answers %d %s", int(s), http.StatusText(int(s))) // its body may repeat the patch
}

func refused(err error) bool {
	var s status
	return errors.As(err, &s) && (s == http.StatusUnauthorized || s == http.StatusForbidden || s == http.StatusNotFound)
}

// readyMark is the file that says that Deliver listens.
const readyMark = Own + "/listens"

// Ready reports whether Deliver, in another process, listens for the end: before
// that the user's container must not start, for its end could be missed.
func Ready(shared string) error {
	_, err := os.Stat(filepath.Join(shared, readyMark))
	return err
}

// Deliver waits for the end of ctx and delivers then.
func Deliver(ctx context.Context, o DeliverOptions) error {
	if err := os.WriteFile(filepath.Join(o.Shared, readyMark), nil, 0o600); err != nil {
		return fmt.Errorf("write into the shared directory: %w", err)
	}
	if o.StatePath == "" {
		<-ctx.Done()
	} else if err := carryState(ctx, o); err != nil {
		return err // without the state there are no results, either
	}
	data, err := collect(o.Shared)
	if err != nil {
		data = map[string][]byte{KeyError: []byte(err.Error())}
	}
	data[KeyDelivered] = []byte("true")
	return insist(ctx, o, o.Secret, data, deliverWithin)
}

// insist patches a Secret until it is done, however long the API server is away.
func insist(ctx context.Context, o DeliverOptions, secret string, data map[string][]byte, within time.Duration) error {
	late, stop := context.WithTimeout(context.WithoutCancel(ctx), within)
	defer stop()
	for refusals := 0; ; {
		err := patch(late, o, secret, data)
		if err == nil || late.Err() != nil {
			return err
		}
		fmt.Fprintln(os.Stderr, "deliver the results:", err)
		if refused(err) {
			refusals++
		} else {
			refusals = 0
		}
		if refusals >= maxRefusals {
			return err
		}
		select {
		case <-late.Done():
			return err
		case <-time.After(time.Second):
		}
	}
}

// collect reads the files of the container.
func collect(shared string) (map[string][]byte, error) {
	root, err := os.OpenRoot(shared) // a link of the container's must not lead to the token
	if err != nil {
		return nil, fmt.Errorf("open the shared directory: %w", err)
	}
	defer func() { _ = root.Close() }()
	out, size := map[string][]byte{}, 0
	for key, name := range map[string]string{
		KeyOutputs: Outputs, KeySecretOutputs: SecretOutputs, KeyError: ErrorText, KeyManifests: Manifests, KeyCookie: Cookie,
	} {
		f, err := root.Open(name)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return nil, fmt.Errorf("the file of %s cannot be read: %w", key, err)
		}
		raw, err := io.ReadAll(io.LimitReader(f, maxResult+1))
		_ = f.Close()
		if err != nil {
			return nil, fmt.Errorf("the file of %s cannot be read: %w", key, err)
		}
		if key == KeyError && len(raw) > maxError {
			raw = raw[len(raw)-maxError:]
		}
		out[key] = raw
		size += len(raw)
	}
	if size > maxResult {
		return nil, fmt.Errorf("the results take %d bytes or more; %d can be carried", size, maxResult)
	}
	return out, nil
}

func patch(ctx context.Context, o DeliverOptions, secret string, data map[string][]byte) error {
	if o.Server == "" {
		o.Server = "https://" + net.JoinHostPort(os.Getenv("KUBERNETES_SERVICE_HOST"), os.Getenv("KUBERNETES_SERVICE_PORT"))
	}
	token, err := os.ReadFile(filepath.Join(o.Access, "token"))
	if err != nil {
		return err
	}
	authorities, err := os.ReadFile(filepath.Join(o.Access, "ca.crt"))
	if err != nil {
		return err
	}
	pool := x509.NewCertPool()
	if !pool.AppendCertsFromPEM(authorities) {
		return errors.New("ca.crt holds no certificate")
	}
	body, err := json.Marshal(map[string]any{"data": data})
	if err != nil {
		return err
	}
	target := fmt.Sprintf("%s/api/v1/namespaces/%s/secrets/%s", o.Server, o.Namespace, secret)
	request, err := http.NewRequestWithContext(ctx, http.MethodPatch, target, bytes.NewReader(body)) //nolint:gosec // the API server of the pod
	if err != nil {
		return err
	}
	request.Header.Set("Content-Type", "application/merge-patch+json")
	request.Header.Set("Authorization", "Bearer "+strings.TrimSpace(string(token)))
	client := &http.Client{Timeout: 20 * time.Second, Transport: &http.Transport{
		TLSClientConfig: &tls.Config{RootCAs: pool, MinVersion: tls.VersionTLS12}, Proxy: http.ProxyFromEnvironment,
	}}
	answer, err := client.Do(request) //nolint:gosec // as above
	if err != nil {
		return err
	}
	defer func() { _ = answer.Body.Close() }()
	if answer.StatusCode != http.StatusOK {
		return status(answer.StatusCode)
	}
	return nil
}
