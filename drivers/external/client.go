package external

import (
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"net/http"
	"os"
	"time"

	"github.com/slipway-dev/slipway/drivers"
)

// Options set limits; the zero value of each means its default.
type Options struct {
	// Networks are allowed beyond the public Internet.
	Networks Networks
	// CAFile holds further certificate authorities in PEM, beside those of the system.
	CAFile string
	// Request bounds one request with its answer; default 1 minute.
	Request time.Duration
	// Patience is how long a driver may fail without a break (no connection, no
	// answer in time, 408, 429, 5xx) before it is given up; default 2 minutes.
	Patience time.Duration
	// Deadline bounds one Provision or Destroy with all its requests; default 1 hour.
	Deadline time.Duration
	// MaxAnswer is the longest body of an answer in bytes; default 4 MiB.
	MaxAnswer int64
	// Wait and MaxWait bound the pause before a request is repeated, which
	// doubles from one to the other; default 500 ms and 15 s. Retry-After of the
	// driver goes before it, up to MaxRetryAfter, default 5 minutes.
	Wait, MaxWait, MaxRetryAfter time.Duration
}

// Client calls external drivers. It is safe for concurrent use.
type Client struct {
	http    *http.Client
	options Options
}

// New makes a client. It fails when the file of authorities cannot be used.
//
// It never goes through a proxy: HTTP_PROXY and HTTPS_PROXY are ignored, because
// the proxy would open the connection and the check of its address would see
// the proxy only. It follows no redirects.
func New(o Options) (*Client, error) {
	orDefault(&o.Request, time.Minute)
	orDefault(&o.Patience, 2*time.Minute)
	orDefault(&o.Deadline, time.Hour)
	orDefault(&o.Wait, 500*time.Millisecond)
	orDefault(&o.MaxWait, 15*time.Second)
	orDefault(&o.MaxRetryAfter, 5*time.Minute)
	if o.MaxAnswer == 0 {
		o.MaxAnswer = 4 << 20
	}
	roots, err := Authorities(o.CAFile)
	if err != nil {
		return nil, err
	}
	return &Client{options: o, http: &http.Client{
		Transport: &http.Transport{
			Proxy:                  nil,
			DialContext:            o.Networks.dial,
			TLSClientConfig:        &tls.Config{RootCAs: roots, MinVersion: tls.VersionTLS12},
			ForceAttemptHTTP2:      true,
			TLSHandshakeTimeout:    10 * time.Second,
			MaxIdleConnsPerHost:    8,
			IdleConnTimeout:        time.Minute,
			MaxResponseHeaderBytes: maxHeaders,
			DisableCompression:     true, // MaxAnswer bounds what is sent and what is read alike
		},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}, nil
}

func orDefault(d *time.Duration, value time.Duration) {
	if *d <= 0 {
		*d = value
	}
}

// Authorities are the certificate authorities of the system and those of a file;
// nil, those of the system, without a file.
func Authorities(file string) (*x509.CertPool, error) {
	if file == "" {
		return nil, nil
	}
	pem, err := os.ReadFile(file)
	if err != nil {
		return nil, fmt.Errorf("read certificate authorities: %w", err)
	}
	roots, err := x509.SystemCertPool()
	if err != nil {
		roots = x509.NewCertPool()
	}
	if !roots.AppendCertsFromPEM(pem) {
		return nil, fmt.Errorf("%s holds no certificate in PEM", file)
	}
	return roots, nil
}

// Driver is the driver at an address, the prefix before the GUResID.
func (c *Client) Driver(target string) drivers.Driver { return &Driver{client: c, target: target} }
