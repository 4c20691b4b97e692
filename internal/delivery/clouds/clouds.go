// Package clouds turns the credentials of a cloud into access to one of its Kubernetes clusters: address, authorities, and a token
// that is good for minutes. It asks the cloud's own services, which it reaches at fixed addresses, never at ones that a definition
// names; it keeps what it got in memory only, and never puts credentials into an error.
package clouds

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"net/http"
	"os"
	"strings"
	"sync"
	"time"

	"github.com/slipway-dev/slipway/engine/redaction"
	"github.com/slipway-dev/slipway/internal/delivery/kubernetes"
	"github.com/slipway-dev/slipway/orchestrator"
)

// Options are the settings of a server for all clouds.
type Options struct {
	// IdentityFile is the path of an OIDC token of this server, such as one that Kubernetes projects into its pod. Clouds that trust
	// its issuer exchange it (accounts of the types gcp-identity, aws-role, azure-identity). It is read anew for each exchange. "" has none.
	IdentityFile string
	// Identities bounds what organizations may become by this server's identity. The zero value allows none.
	Identities Identities
	// AWS keys of this server itself, with which it assumes roles where there is no IdentityFile.
	AWSAccessKeyID, AWSSecretAccessKey, AWSSessionToken string
	// Endpoints replaces the addresses of services, by the names of the constants Endpoint...; for tests and private endpoints.
	Endpoints map[string]string
	// Client sends the requests; default is one with a timeout of 30 seconds.
	Client *http.Client
	// Now is the clock; default time.Now.
	Now func() time.Time
}

// The services that Options.Endpoints can move. REGION in a default stands for the region of the cluster.
const (
	EndpointGCPToken       = "gcp-token"
	EndpointGCPExchange    = "gcp-sts"
	EndpointGCPImpersonate = "gcp-iamcredentials"
	EndpointGCPClusters    = "gcp-container"
	EndpointAWSSTS         = "aws-sts"
	EndpointAWSClusters    = "aws-eks"
	EndpointAWSRegistry    = "aws-ecr"
	EndpointAzureLogin     = "azure-login"
	EndpointAzureClusters  = "azure-management"
)

var defaults = map[string]string{ //nolint:gosec // G101: addresses, no credentials
	EndpointGCPToken: "https://oauth2.googleapis.com/token", EndpointGCPExchange: "https://sts.googleapis.com/v1/token",
	EndpointGCPImpersonate: "https://iamcredentials.googleapis.com", EndpointGCPClusters: "https://container.googleapis.com",
	EndpointAWSSTS: "https://sts.REGION.amazonaws.com", EndpointAWSClusters: "https://eks.REGION.amazonaws.com",
	EndpointAWSRegistry: "https://api.ecr.REGION.amazonaws.com",
	EndpointAzureLogin:  "https://login.microsoftonline.com", EndpointAzureClusters: "https://management.azure.com",
}

const (
	// early is how long before its end a token is replaced.
	early = 2 * time.Minute
	// maxKept bounds what is kept; beyond it all is dropped and asked for anew.
	maxKept = 1000
	// maxAnswer bounds what is read of an answer, in bytes.
	maxAnswer = 1 << 20
)

// opened is the way into a cluster, and until when it is good.
type opened struct {
	access kubernetes.Access
	until  time.Time
}

// exchange opens one cluster with the credentials of one cloud.
type exchange func(ctx context.Context, s *service, t orchestrator.Target) (opened, error)

// Source is the kubernetes.TokenSource of one cloud. It keeps tokens until shortly before their end. It is safe for concurrent use.
type Source struct {
	cloud   string
	service *service
	open    exchange

	mu   sync.Mutex
	kept map[string]*entry
}

// entry is what is kept of one cluster. Its lock lets one exchange at a time go on.
type entry struct {
	mu  sync.Mutex
	got *opened
}

// service is what all clouds share.
type service struct {
	Options
}

var _ kubernetes.TokenSource = (*Source)(nil)

// Sources gives the sources of all clouds, by cluster type: gke, eks, aks.
func Sources(o Options) map[string]kubernetes.TokenSource {
	s := newService(o)
	out := map[string]kubernetes.TokenSource{}
	for kind, open := range map[string]exchange{"gke": openGKE, "eks": openEKS, "aks": openAKS} {
		out[kind] = &Source{cloud: kind, service: s, open: open, kept: map[string]*entry{}}
	}
	return out
}

func newService(o Options) *service {
	if o.Client == nil {
		o.Client = &http.Client{Timeout: 30 * time.Second}
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	return &service{Options: o}
}

// Access opens the cluster that the target describes, or tells how it is opened already.
func (s *Source) Access(ctx context.Context, t orchestrator.Target) (kubernetes.Access, error) {
	e := s.entry(t)
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.got != nil && s.service.Now().Before(e.got.until.Add(-early)) {
		return e.got.access, nil
	}
	got, err := s.open(ctx, s.service, t)
	if err != nil {
		return kubernetes.Access{}, hide(err, t.Credentials)
	}
	e.got = &got
	return got.access, nil
}

// Forget drops a token that the cluster has refused: the next Access gets another.
func (s *Source) Forget(t orchestrator.Target, token string) {
	e := s.entry(t)
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.got != nil && e.got.access.Token == token {
		e.got = nil
	}
}

func (s *Source) entry(t orchestrator.Target) *entry {
	// Maps are written in the order of their keys, so the same description gives the same text.
	// What an organization may become is judged when a token is got, so none is shared with another organization.
	raw, _ := json.Marshal([]any{t.Env.OrgID, t.Values, t.Credentials}) //nolint:errchkjson // outputs of a resource, which came as JSON
	sum := sha256.Sum256(raw)
	key := hex.EncodeToString(sum[:])
	s.mu.Lock()
	defer s.mu.Unlock()
	if e, ok := s.kept[key]; ok {
		return e
	}
	if len(s.kept) >= maxKept {
		clear(s.kept)
	}
	e := &entry{}
	s.kept[key] = e
	return e
}

// hide takes credentials out of an error: services repeat what they were sent.
func hide(err error, credentials map[string]any) error {
	var secrets []string
	for name, v := range credentials {
		if text, ok := v.(string); ok && !public[name] {
			secrets = append(secrets, text)
		}
	}
	return orchestrator.Errorf(orchestrator.CodeOf(err), "%s", redaction.New(secrets...).String(err.Error()))
}

// public are fields of credentials that say whose they are.
var public = map[string]bool{
	"type": true, "project_id": true, "client_email": true, "client_id": true, "appId": true, "tenant": true, "displayName": true, "aws_role": true,
	"gcp_service_account": true, "gcp_audience": true, "azure_identity_tenant_id": true, "azure_identity_client_id": true,
	"auth_uri": true, "token_uri": true, "aws_access_key_id": true, "AccessKeyId": true,
}

// endpoint is the address of a service.
func (s *service) endpoint(name, region string) string {
	if at, ok := s.Endpoints[name]; ok {
		return strings.TrimSuffix(at, "/")
	}
	at := strings.ReplaceAll(defaults[name], "REGION", region)
	if strings.HasPrefix(region, "cn-") {
		at = strings.Replace(at, ".amazonaws.com", ".amazonaws.com.cn", 1)
	}
	return at
}

// identity reads the token that says to clouds who this server is, with which an organization wants to become what the names say.
func (s *service) identity(ctx context.Context, org, wanted string, names ...string) (string, error) {
	if err := s.Identities.allow(ctx, org, names...); err != nil {
		return "", err
	}
	if s.IdentityFile == "" {
		return "", orchestrator.Invalidf("resource k8s-cluster: %s needs a token of this server's own: start it with --cloud-identity-file, "+
			"the path of a token that the cloud trusts", wanted)
	}
	raw, err := os.ReadFile(s.IdentityFile)
	if err != nil {
		return "", orchestrator.Errorf(orchestrator.CodeUnavailable, "read the token of this server for clouds (--cloud-identity-file): %v", err)
	}
	return strings.TrimSpace(string(raw)), nil
}

// text reads a field.
func text(m map[string]any, names ...string) string {
	for _, name := range names {
		if v, ok := m[name].(string); ok && v != "" {
			return v
		}
	}
	return ""
}

// given is the address that a definition itself gives; then the cloud is asked for a token only.
func given(t orchestrator.Target) (server string, authorities []byte, ok bool, err error) {
	data, _ := t.Values["cluster_data"].(map[string]any)
	if server = text(data, "server"); server == "" {
		return "", nil, false, nil
	}
	raw := text(data, "certificate-authority-data")
	if strings.HasPrefix(strings.TrimSpace(raw), "-----BEGIN ") {
		return server, []byte(raw), true, nil
	}
	authorities, err = base64.StdEncoding.DecodeString(raw)
	if err != nil {
		return "", nil, false, orchestrator.Invalidf("resource k8s-cluster: certificate-authority-data is neither base64 nor PEM")
	}
	return server, authorities, true, nil
}
