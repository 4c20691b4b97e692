package secretstore

import (
	"context"
	"crypto/tls"
	"io"
	"net/http"
	"time"

	"github.com/slipway-dev/slipway/drivers/external"
	"github.com/slipway-dev/slipway/orchestrator"
)

// Options set limits; the zero value of each means its default.
type Options struct {
	// Networks are allowed beyond the public Internet.
	Networks external.Networks
	// CAFile holds further certificate authorities in PEM.
	CAFile string
	// Timeout bounds one secret with all requests for it; default 15 seconds.
	Timeout time.Duration
	// KubernetesToken is the file with the token of a service account, with
	// which roles of the Kubernetes auth method sign in; "" allows none. Whoever
	// may name a vault gets to see the token, so it should be one that is made
	// for this audience only.
	KubernetesToken string
	// Now is the clock; default time.Now.
	Now func() time.Time
}

// maxAnswer bounds an answer in bytes.
const maxAnswer = 4 << 20

// Backend implements orchestrator.SecretBackend. It is safe for concurrent use.
type Backend struct {
	options  Options
	http     *http.Client
	sessions sessions
}

// New makes a backend. It fails when the file of authorities cannot be used.
// Proxies of the environment are ignored, because the check of the address
// would see the proxy only.
func New(o Options) (*Backend, error) {
	if o.Timeout <= 0 {
		o.Timeout = 15 * time.Second
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	roots, err := external.Authorities(o.CAFile)
	if err != nil {
		return nil, err
	}
	networks := o.Networks.DecidedBy("--secret-store-networks (SLIPWAY_SECRET_STORE_NETWORKS)")
	return &Backend{options: o, http: &http.Client{
		Transport: limited{&http.Transport{
			DialContext:         networks.Dial,
			TLSClientConfig:     &tls.Config{RootCAs: roots, MinVersion: tls.VersionTLS12},
			ForceAttemptHTTP2:   true,
			TLSHandshakeTimeout: 10 * time.Second,
			MaxIdleConnsPerHost: 4,
			IdleConnTimeout:     time.Minute,
			DisableCompression:  true, // maxAnswer bounds what is sent and what is read alike
		}},
		// The client of the protocol follows what it understands.
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}, nil
}

// Read gives a secret. The reference is the path below the mount; behind # may
// stand the key in the secret, "value" when absent.
func (b *Backend) Read(ctx context.Context, at orchestrator.StoreAccess, ref, version string) (string, error) {
	if at.Store.Kind != orchestrator.StoreVault {
		return "", notBuilt(at)
	}
	within, cancel := context.WithTimeout(ctx, b.options.Timeout)
	defer cancel()
	text, err := b.vault(at).read(within, ref, version)
	if err != nil && ctx.Err() != nil {
		return "", ctx.Err()
	}
	return text, err
}

// Write stores a secret below the reference, with the key "value".
func (b *Backend) Write(ctx context.Context, at orchestrator.StoreAccess, ref, value string) (string, error) {
	if at.Store.Kind != orchestrator.StoreVault {
		return "", notBuilt(at)
	}
	within, cancel := context.WithTimeout(ctx, b.options.Timeout)
	defer cancel()
	version, err := b.vault(at).write(within, ref, value)
	if err != nil && ctx.Err() != nil {
		return "", ctx.Err()
	}
	return version, err
}

// notBuilt refuses the stores of clouds, whose objects exist but which are not read yet.
func notBuilt(at orchestrator.StoreAccess) error {
	return orchestrator.Invalidf("secret store %q is of the kind %s, which this release keeps but cannot read or write; "+
		"use a store of the kind %s, or the built-in one", at.Store.ID, at.Store.Kind, orchestrator.StoreVault)
}

// limited cuts answers that are too long, which then are no JSON.
type limited struct{ next http.RoundTripper }

func (l limited) RoundTrip(r *http.Request) (*http.Response, error) {
	response, err := l.next.RoundTrip(r)
	if err == nil {
		response.Body = struct {
			io.Reader
			io.Closer
		}{io.LimitReader(response.Body, maxAnswer), response.Body}
	}
	return response, err
}
