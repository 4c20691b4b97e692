package clouds

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strings"
	"time"

	"golang.org/x/oauth2"
	"golang.org/x/oauth2/google/externalaccount"
	"golang.org/x/oauth2/jwt"

	"github.com/slipway-dev/slipway/internal/delivery/kubernetes"
	"github.com/slipway-dev/slipway/orchestrator"
)

// gcpScope is what a token is asked for: GKE takes one of the whole platform; what it may do is up to IAM and RBAC.
const gcpScope = "https://www.googleapis.com/auth/cloud-platform"

// gcpTokenLife is assumed of tokens that do not say how long they are good.
const gcpTokenLife = 30 * time.Minute

// openGKE takes the key of a service account (JSON as Google gives it), {gcp_service_account, gcp_audience} for workload identity
// federation, or an {access_token}. The same token opens Google's API and the cluster.
func openGKE(ctx context.Context, s *service, t orchestrator.Target) (opened, error) {
	source, err := gcpToken(ctx, s, t.Env.OrgID, t.Credentials)
	if err != nil {
		return opened{}, err
	}
	token, err := source.Token()
	if err != nil {
		return opened{}, oauthError("get a token from Google", err)
	}
	out := opened{access: kubernetes.Access{Token: token.AccessToken}, until: token.Expiry}
	if token.Expiry.IsZero() {
		out.until = s.Now().Add(gcpTokenLife)
	}
	server, authorities, ok, err := given(t)
	if err != nil || ok {
		out.access.Server, out.access.CA = server, authorities
		return out, err
	}
	return out, gkeCluster(ctx, s, t, &out.access)
}

func gcpToken(ctx context.Context, s *service, org string, credentials map[string]any) (oauth2.TokenSource, error) {
	ctx = context.WithValue(ctx, oauth2.HTTPClient, s.Client)
	switch {
	case text(credentials, "access_token") != "":
		return oauth2.StaticTokenSource(&oauth2.Token{AccessToken: text(credentials, "access_token")}), nil
	case text(credentials, "private_key") != "" && text(credentials, "client_email") != "":
		at := s.endpoint(EndpointGCPToken, "")
		config := &jwt.Config{
			Email: text(credentials, "client_email"), PrivateKey: []byte(text(credentials, "private_key")),
			PrivateKeyID: text(credentials, "private_key_id"), Scopes: []string{gcpScope}, TokenURL: at, Audience: at,
		}
		return config.TokenSource(ctx), nil
	case text(credentials, "gcp_audience") != "":
		return gcpFederated(ctx, s, org, credentials)
	}
	return nil, orchestrator.Invalidf("resource k8s-cluster: the credentials of a GKE cluster must be the JSON key of a service account, " +
		"gcp_service_account with gcp_audience, or an access_token")
}

// gcpFederated exchanges this server's own token (workload identity federation, RFC 8693) and acts as the service account.
func gcpFederated(ctx context.Context, s *service, org string, credentials map[string]any) (oauth2.TokenSource, error) {
	own := supplier{s, org, []string{text(credentials, "gcp_audience"), text(credentials, "gcp_service_account")}}
	if _, err := own.SubjectToken(ctx, externalaccount.SupplierOptions{}); err != nil {
		return nil, err
	}
	config := externalaccount.Config{ //nolint:gosec // G101: the kind of a token, no credentials
		Audience: text(credentials, "gcp_audience"), SubjectTokenType: "urn:ietf:params:oauth:token-type:jwt",
		TokenURL: s.endpoint(EndpointGCPExchange, ""), Scopes: []string{gcpScope}, SubjectTokenSupplier: own,
	}
	if account := text(credentials, "gcp_service_account"); account != "" {
		config.ServiceAccountImpersonationURL = s.endpoint(EndpointGCPImpersonate, "") +
			"/v1/projects/-/serviceAccounts/" + url.PathEscape(account) + ":generateAccessToken"
	}
	source, err := externalaccount.NewTokenSource(ctx, config)
	if err != nil {
		return nil, orchestrator.Invalidf("resource k8s-cluster: gcp_audience or gcp_service_account: %v", err)
	}
	return source, nil
}

// supplier gives this server's own token to the exchange.
type supplier struct {
	s     *service
	org   string
	names []string // audience and service account
}

func (p supplier) SubjectToken(ctx context.Context, _ externalaccount.SupplierOptions) (string, error) {
	return p.s.identity(ctx, p.org, "an account of the type gcp-identity", p.names...)
}

// oauthError sorts the errors of the oauth2 library, which holds answers whole.
func oauthError(what string, err error) error {
	var known *orchestrator.Error
	var refused *oauth2.RetrieveError
	switch {
	case errors.As(err, &known):
		return known
	case errors.As(err, &refused) && refused.Response != nil:
		return refusal(what, refused.Response.StatusCode, refused.Body)
	case strings.Contains(err.Error(), "private key"):
		return orchestrator.Invalidf("%s: private_key is no PEM of an RSA key", what)
	}
	// The federation reports "status code 403: body" as text only.
	code := orchestrator.CodeUnavailable
	for _, status := range []string{"status code 400", "status code 401", "status code 403"} {
		if strings.Contains(err.Error(), status) {
			code = orchestrator.CodeForbidden
		}
	}
	return orchestrator.Errorf(code, "%s: %v", what, err)
}

// gkeCluster asks for address and authorities of a cluster.
func gkeCluster(ctx context.Context, s *service, t orchestrator.Target, access *kubernetes.Access) error {
	name, project, place := text(t.Values, "name"), text(t.Values, "project_id"), text(t.Values, "zone", "region", "location")
	if name == "" || project == "" || place == "" {
		return orchestrator.Invalidf("resource k8s-cluster: a GKE cluster needs name, project_id and zone (a zone or a region), or cluster_data with its address")
	}
	at := s.endpoint(EndpointGCPClusters, "") + "/v1/projects/" + url.PathEscape(project) + "/locations/" + url.PathEscape(place) +
		"/clusters/" + url.PathEscape(name)
	r, err := newRequest(ctx, http.MethodGet, at, nil)
	if err != nil {
		return err
	}
	r.Header.Set("Authorization", "Bearer "+access.Token)
	var cluster struct {
		Endpoint   string `json:"endpoint"`
		MasterAuth struct {
			CA string `json:"clusterCaCertificate"`
		} `json:"masterAuth"`
	}
	if err := s.send(r, "ask GKE for the cluster "+name, &cluster); err != nil {
		return err
	}
	return fill(access, "https://"+cluster.Endpoint, cluster.Endpoint, cluster.MasterAuth.CA, name)
}
