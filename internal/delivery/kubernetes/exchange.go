package kubernetes

import (
	"context"
	"net/http"

	"k8s.io/client-go/rest"

	"github.com/slipway-dev/slipway/orchestrator"
)

// TokenSource exchanges the credentials of a cloud for those of one of its clusters.
type TokenSource interface {
	// Access finds the cluster that the outputs of a k8s-cluster resource describe (for gke name, zone and project_id; for eks name and
	// region; for aks name, resource_group and subscription_id) and gets a token for it with the resource's credentials. Whoever
	// implements it keeps tokens as long as they are good: it is asked before every request. Errors are those of package orchestrator
	// and hold no credentials.
	Access(ctx context.Context, t orchestrator.Target) (Access, error)
	// Forget is told of a token that the cluster has refused, so that the next Access gets another.
	Forget(t orchestrator.Target, token string)
}

// Access is the way into a cluster: with a token, or with a client certificate where the cluster gives one.
type Access struct {
	Server           string // URL of the API server
	CA               []byte // PEM of the authorities that have signed its certificate
	Token            string
	Certificate, Key []byte // PEM
}

// exchanged reaches a cluster of a cloud, whose definition gives cloud credentials. The token is asked for before every request: a
// rollout may last longer than one is good.
func (d *Delivery) exchanged(ctx context.Context, t orchestrator.Target) (*rest.Config, error) {
	source, ok := d.options.TokenSources[t.Type]
	if !ok {
		return nil, orchestrator.Invalidf("resource k8s-cluster: this server does not exchange the cloud credentials of clusters of type %s: "+
			"give values.cluster_data with server and certificate-authority-data, and secrets.credentials with a token or a client certificate", t.Type)
	}
	access, err := source.Access(ctx, t)
	if err != nil {
		return nil, err
	}
	config := &rest.Config{Host: access.Server}
	config.CAData, config.CertData, config.KeyData = access.CA, access.Certificate, access.Key
	if access.Token != "" {
		config.WrapTransport = func(next http.RoundTripper) http.RoundTripper { return &tokens{source: source, target: t, next: next} }
	}
	return config, nil
}

// tokens puts the token of the moment on each request, and another one when it is refused.
type tokens struct {
	source TokenSource
	target orchestrator.Target
	next   http.RoundTripper
}

// RoundTrip repeats a request once whose token was refused.
func (s *tokens) RoundTrip(r *http.Request) (*http.Response, error) {
	access, err := s.source.Access(r.Context(), s.target)
	if err != nil {
		return nil, err
	}
	answer, err := s.next.RoundTrip(bearing(r, access.Token))
	if err != nil || answer.StatusCode != http.StatusUnauthorized || r.Body != nil && r.GetBody == nil {
		return answer, err
	}
	s.source.Forget(s.target, access.Token)
	fresh, err := s.source.Access(r.Context(), s.target)
	if err != nil || fresh.Token == access.Token {
		return answer, nil //nolint:nilerr // the refusal says more
	}
	again := bearing(r, fresh.Token)
	if r.Body != nil {
		if again.Body, err = r.GetBody(); err != nil {
			return answer, nil //nolint:nilerr // the refusal says more
		}
	}
	_ = answer.Body.Close()
	return s.next.RoundTrip(again)
}

func bearing(r *http.Request, token string) *http.Request {
	out := r.Clone(r.Context())
	out.Header.Set("Authorization", "Bearer "+token)
	return out
}

// ownCredentials tells whether a definition gives what the API server itself takes, not what a cloud exchanges.
func ownCredentials(t orchestrator.Target) bool {
	for _, name := range []string{"token", "client-certificate-data", "client-key-data"} {
		if v, _ := t.Credentials[name].(string); v != "" {
			return true
		}
	}
	return len(t.Credentials) == 0
}
