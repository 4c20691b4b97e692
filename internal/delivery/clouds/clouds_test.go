package clouds_test

import (
	"crypto"
	"crypto/hmac"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/slipway-dev/slipway/internal/delivery/clouds"
	"github.com/slipway-dev/slipway/internal/delivery/kubernetes"
	"github.com/slipway-dev/slipway/orchestrator"
)

const (
	authority = "-----BEGIN CERTIFICATE-----\nof a test\n-----END CERTIFICATE-----\n"
	identity  = "token-of-this-server"
)

// cloud is a server that speaks the protocols of all three, verifies what it is sent, and counts.
type cloud struct {
	t      *testing.T
	server *httptest.Server
	key    *rsa.PrivateKey // of the Google service account
	clock  time.Time

	mu    sync.Mutex
	asked map[string]int
	fail  int // status of every answer, 0 = as it should be
}

func newCloud(t *testing.T) *cloud {
	t.Helper()
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	require.NoError(t, err)
	c := &cloud{t: t, key: key, clock: time.Now(), asked: map[string]int{}}
	mux := http.NewServeMux()
	for pattern, answer := range map[string]func(r *http.Request) (int, string){
		"POST /gcp/token": c.gcpToken, "POST /gcp/sts": c.gcpExchange, "POST /gcp/iam/v1/projects/-/serviceAccounts/{account}": c.gcpImpersonate,
		"GET /gcp/gke/v1/projects/shop/locations/europe-west1-b/clusters/main": c.gke,
		"POST /aws/ecr/": c.ecr, "POST /aws/sts/": c.stsAssume, "GET /aws/eks/clusters/main": c.eks,
		"POST /azure/login/{tenant}/oauth2/v2.0/token": c.entra, "POST /azure/arm/subscriptions/sub/resourceGroups/group/providers/Microsoft.ContainerService/managedClusters/main/listClusterUserCredential": c.aks,
	} {
		mux.HandleFunc(pattern, func(w http.ResponseWriter, r *http.Request) {
			c.mu.Lock()
			c.asked[pattern]++
			fail := c.fail
			c.mu.Unlock()
			status, body := answer(r)
			if fail != 0 {
				status, body = fail, `{"error":"invalid_grant","error_description":"no"}`
			}
			w.Header().Set("Content-Type", "application/json")
			w.WriteHeader(status)
			_, _ = w.Write([]byte(body))
		})
	}
	c.server = httptest.NewServer(mux)
	t.Cleanup(c.server.Close)
	return c
}

func (c *cloud) requests() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	total := 0
	for _, n := range c.asked {
		total += n
	}
	return total
}

// source is the exchange for one type, with its endpoints at the test's server.
func (c *cloud) source(kind string, more func(o *clouds.Options)) kubernetes.TokenSource {
	at := c.server.URL
	all, err := clouds.ParseIdentities([]string{"*=*"}, nil)
	require.NoError(c.t, err)
	o := clouds.Options{Now: func() time.Time { return c.clock }, Identities: all, Endpoints: map[string]string{
		clouds.EndpointGCPToken: at + "/gcp/token", clouds.EndpointGCPExchange: at + "/gcp/sts", clouds.EndpointGCPImpersonate: at + "/gcp/iam",
		clouds.EndpointGCPClusters: at + "/gcp/gke", clouds.EndpointAWSSTS: at + "/aws/sts", clouds.EndpointAWSClusters: at + "/aws/eks",
		clouds.EndpointAzureLogin: at + "/azure/login", clouds.EndpointAzureClusters: at + "/azure/arm",
	}}
	if more != nil {
		more(&o)
	}
	return clouds.Sources(o)[kind]
}

func withIdentity(t *testing.T) func(o *clouds.Options) {
	path := filepath.Join(t.TempDir(), "token")
	require.NoError(t, os.WriteFile(path, []byte(identity+"\n"), 0o600))
	return func(o *clouds.Options) { o.IdentityFile = path }
}

func refuse(why string) (int, string) {
	return http.StatusUnauthorized, fmt.Sprintf(`{"error":"invalid_client","error_description":%q}`, why)
}

// gcpToken verifies the signature and the claims of an assertion (RFC 7523).
func (c *cloud) gcpToken(r *http.Request) (int, string) {
	_ = r.ParseForm()
	parts := strings.Split(r.Form.Get("assertion"), ".")
	if len(parts) != 3 || r.Form.Get("grant_type") != "urn:ietf:params:oauth:grant-type:jwt-bearer" {
		return refuse("no assertion")
	}
	signature, _ := base64.RawURLEncoding.DecodeString(parts[2])
	sum := sha256.Sum256([]byte(parts[0] + "." + parts[1]))
	if rsa.VerifyPKCS1v15(&c.key.PublicKey, crypto.SHA256, sum[:], signature) != nil {
		return refuse("the signature is wrong")
	}
	var claims struct {
		Iss, Scope, Aud string
		Exp, Iat        int64
	}
	raw, _ := base64.RawURLEncoding.DecodeString(parts[1])
	_ = json.Unmarshal(raw, &claims)
	if claims.Iss != "deployer@shop.iam" || !strings.HasSuffix(claims.Aud, "/gcp/token") || !strings.Contains(claims.Scope, "cloud-platform") ||
		claims.Exp <= time.Now().Unix() || claims.Exp-claims.Iat > 3700 {
		return refuse("the claims are wrong")
	}
	return 200, `{"access_token":"gcp-token","token_type":"Bearer","expires_in":3600}`
}

func (c *cloud) gcpExchange(r *http.Request) (int, string) {
	_ = r.ParseForm()
	if r.Form.Get("subject_token") != identity || r.Form.Get("audience") != "//iam.googleapis.com/pool" ||
		r.Form.Get("grant_type") != "urn:ietf:params:oauth:grant-type:token-exchange" {
		return refuse("this identity is not trusted")
	}
	return 200, `{"access_token":"federated","issued_token_type":"urn:ietf:params:oauth:token-type:access_token","token_type":"Bearer","expires_in":3600}`
}

func (c *cloud) gcpImpersonate(r *http.Request) (int, string) {
	if r.Header.Get("Authorization") != "Bearer federated" || r.PathValue("account") != "deployer@shop.iam:generateAccessToken" {
		return refuse("may not act as " + r.PathValue("account"))
	}
	return 200, fmt.Sprintf(`{"accessToken":"gcp-token","expireTime":%q}`, time.Now().Add(time.Hour).UTC().Format(time.RFC3339))
}

func (c *cloud) gke(r *http.Request) (int, string) {
	if r.Header.Get("Authorization") != "Bearer gcp-token" {
		return refuse("no token")
	}
	return 200, fmt.Sprintf(`{"endpoint":"203.0.113.7","masterAuth":{"clusterCaCertificate":%q}}`, base64.StdEncoding.EncodeToString([]byte(authority)))
}

// awsSecrets are the keys that exist, with their session tokens.
var awsSecrets = map[string][2]string{"AKIASTATIC": {"static-secret", ""}, "ASIAROLE": {"role-secret", "role-session"}}

// signedBy recomputes a signature version 4 as AWS documents it; "" when it does not fit.
func signedBy(r *http.Request, service, payloadHash string) string {
	query := r.URL.Query()
	var credential, signature, signedHeaders, at string
	if presigned := query.Get("X-Amz-Signature"); presigned != "" {
		credential, signature, signedHeaders, at = query.Get("X-Amz-Credential"), presigned, query.Get("X-Amz-SignedHeaders"), query.Get("X-Amz-Date")
		query.Del("X-Amz-Signature")
	} else {
		fields := map[string]string{}
		for _, part := range strings.Split(strings.TrimPrefix(r.Header.Get("Authorization"), "AWS4-HMAC-SHA256 "), ", ") {
			name, value, _ := strings.Cut(part, "=")
			fields[name] = value
		}
		credential, signature, signedHeaders, at = fields["Credential"], fields["Signature"], fields["SignedHeaders"], r.Header.Get("X-Amz-Date")
	}
	scope := strings.SplitN(credential, "/", 2)
	if len(scope) != 2 || scope[1] != at[:8]+"/eu-central-1/"+service+"/aws4_request" {
		return ""
	}
	secret, known := awsSecrets[scope[0]]
	session := r.Header.Get("X-Amz-Security-Token") + query.Get("X-Amz-Security-Token")
	if !known || session != secret[1] {
		return ""
	}
	var headers strings.Builder
	for _, name := range strings.Split(signedHeaders, ";") {
		value := r.Header.Get(name)
		if name == "host" {
			value = r.Host
		}
		if name == "content-length" {
			value = fmt.Sprint(r.ContentLength)
		}
		fmt.Fprintf(&headers, "%s:%s\n", name, value)
	}
	canonical := strings.Join([]string{r.Method, r.URL.EscapedPath(), strings.ReplaceAll(query.Encode(), "+", "%20"), headers.String(), signedHeaders, payloadHash}, "\n")
	sum := sha256.Sum256([]byte(canonical))
	mac := func(key []byte, data string) []byte {
		h := hmac.New(sha256.New, key)
		_, _ = h.Write([]byte(data))
		return h.Sum(nil)
	}
	key := []byte("AWS4" + secret[0])
	for _, part := range strings.Split(scope[1], "/") {
		key = mac(key, part)
	}
	want := hex.EncodeToString(mac(key, "AWS4-HMAC-SHA256\n"+at+"\n"+scope[1]+"\n"+hex.EncodeToString(sum[:])))
	if want != signature {
		return ""
	}
	return scope[0]
}

const noBody = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"

func (c *cloud) stsAssume(r *http.Request) (int, string) {
	_ = r.ParseForm()
	keys := fmt.Sprintf("<Credentials><AccessKeyId>ASIAROLE</AccessKeyId><SecretAccessKey>role-secret</SecretAccessKey>"+
		"<SessionToken>role-session</SessionToken><Expiration>%s</Expiration></Credentials>", c.clock.Add(time.Hour).UTC().Format(time.RFC3339))
	denied := "<ErrorResponse><Error><Code>AccessDenied</Code><Message>not allowed to assume the role</Message></Error></ErrorResponse>"
	if r.Form.Get("RoleArn") != "arn:aws:iam::1:role/deployer" {
		return http.StatusForbidden, denied
	}
	if r.Form.Get("Action") == "AssumeRoleWithWebIdentity" {
		if r.Form.Get("WebIdentityToken") != identity || r.Header.Get("Authorization") != "" {
			return http.StatusForbidden, denied
		}
		return 200, "<AssumeRoleWithWebIdentityResponse><AssumeRoleWithWebIdentityResult>" + keys + "</AssumeRoleWithWebIdentityResult></AssumeRoleWithWebIdentityResponse>"
	}
	sum := sha256.Sum256([]byte(r.PostForm.Encode()))
	if signedBy(r, "sts", hex.EncodeToString(sum[:])) != "AKIASTATIC" || r.Form.Get("ExternalId") != "ext-1" {
		return http.StatusForbidden, denied
	}
	return 200, "<AssumeRoleResponse><AssumeRoleResult>" + keys + "</AssumeRoleResult></AssumeRoleResponse>"
}

func (c *cloud) eks(r *http.Request) (int, string) {
	if signedBy(r, "eks", noBody) == "" {
		return http.StatusForbidden, `{"message":"The security token included in the request is invalid."}`
	}
	return 200, fmt.Sprintf(`{"cluster":{"endpoint":"https://main.eks","certificateAuthority":{"data":%q}}}`, base64.StdEncoding.EncodeToString([]byte(authority)))
}

func (c *cloud) entra(r *http.Request) (int, string) {
	_ = r.ParseForm()
	f := r.Form
	proven := f.Get("client_secret") == "entra-password" ||
		f.Get("client_assertion") == identity && f.Get("client_assertion_type") == "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
	if r.PathValue("tenant") != "tenant-1" || f.Get("client_id") != "app-1" || f.Get("grant_type") != "client_credentials" || !proven {
		return refuse("AADSTS7000215: Invalid client secret provided: " + f.Get("client_secret"))
	}
	return 200, fmt.Sprintf(`{"access_token":"entra for %s","expires_in":3599}`, f.Get("scope"))
}

func (c *cloud) aks(r *http.Request) (int, string) {
	if r.Header.Get("Authorization") != "Bearer entra for https://management.azure.com/.default" || r.URL.Query().Get("api-version") == "" {
		return refuse("no token")
	}
	config := fmt.Sprintf("apiVersion: v1\nkind: Config\nclusters:\n- {name: main, cluster: {server: 'https://main.aks', certificate-authority-data: %s}}\n"+
		"users:\n- {name: u, user: {exec: {apiVersion: client.authentication.k8s.io/v1, command: kubelogin}}}\n", base64.StdEncoding.EncodeToString([]byte(authority)))
	raw, _ := json.Marshal(map[string]any{"kubeconfigs": []any{map[string]any{"name": "clusterUser", "value": []byte(config)}}})
	return 200, string(raw)
}

func (c *cloud) pem() string {
	raw, err := x509.MarshalPKCS8PrivateKey(c.key)
	require.NoError(c.t, err)
	return string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: raw}))
}

var places = map[string]map[string]any{
	"gke": {"name": "main", "project_id": "shop", "zone": "europe-west1-b"},
	"eks": {"name": "main", "region": "eu-central-1"},
	"aks": {"name": "main", "resource_group": "group", "subscription_id": "sub"},
}

func TestClusterAccessOfClouds(t *testing.T) {
	t.Parallel()
	c := newCloud(t)
	key := c.pem()
	cases := map[string]struct {
		kind        string
		credentials map[string]any
		more        func(o *clouds.Options)
		server      string
		token       string // "" = an EKS token
		signer      string
	}{
		"gke by the key of a service account": {kind: "gke", server: "https://203.0.113.7", token: "gcp-token",
			credentials: map[string]any{"type": "service_account", "client_email": "deployer@shop.iam", "private_key": key, "private_key_id": "1", "token_uri": "http://169.254.169.254/"}},
		"gke by workload identity federation": {kind: "gke", server: "https://203.0.113.7", token: "gcp-token", more: withIdentity(t),
			credentials: map[string]any{"gcp_service_account": "deployer@shop.iam", "gcp_audience": "//iam.googleapis.com/pool"}},
		"gke by a token": {kind: "gke", server: "https://203.0.113.7", token: "gcp-token", credentials: map[string]any{"access_token": "gcp-token"}},
		"eks by keys": {kind: "eks", server: "https://main.eks", signer: "AKIASTATIC",
			credentials: map[string]any{"aws_access_key_id": "AKIASTATIC", "aws_secret_access_key": "static-secret"}},
		"eks by keys as drivers get them": {kind: "eks", server: "https://main.eks", signer: "AKIASTATIC",
			credentials: map[string]any{"AccessKeyId": "AKIASTATIC", "SecretAccessKey": "static-secret"}},
		"eks by keys that assume a role": {kind: "eks", server: "https://main.eks", signer: "ASIAROLE",
			credentials: map[string]any{"aws_access_key_id": "AKIASTATIC", "aws_secret_access_key": "static-secret", "aws_role": "arn:aws:iam::1:role/deployer", "external_id": "ext-1"}},
		"eks by a role that this server's keys assume": {kind: "eks", server: "https://main.eks", signer: "ASIAROLE",
			more:        func(o *clouds.Options) { o.AWSAccessKeyID, o.AWSSecretAccessKey = "AKIASTATIC", "static-secret" },
			credentials: map[string]any{"aws_role": "arn:aws:iam::1:role/deployer", "external_id": "ext-1"}},
		"eks by a role that trusts this server": {kind: "eks", server: "https://main.eks", signer: "ASIAROLE", more: withIdentity(t),
			credentials: map[string]any{"aws_role": "arn:aws:iam::1:role/deployer"}},
		"aks by a service principal": {kind: "aks", server: "https://main.aks", token: "entra for 6dae42f8-4368-4678-94ff-3960e28e3630/.default",
			credentials: map[string]any{"appId": "app-1", "password": "entra-password", "tenant": "tenant-1"}},
		"aks by an application that trusts this server": {kind: "aks", server: "https://main.aks", token: "entra for 6dae42f8-4368-4678-94ff-3960e28e3630/.default", more: withIdentity(t),
			credentials: map[string]any{"azure_identity_client_id": "app-1", "azure_identity_tenant_id": "tenant-1"}},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			target := orchestrator.Target{Type: tc.kind, Values: places[tc.kind], Credentials: tc.credentials}
			access, err := c.source(tc.kind, tc.more).Access(t.Context(), target)
			require.NoError(t, err)
			require.Equal(t, []string{tc.server, authority}, []string{access.Server, string(access.CA)})
			if tc.token != "" {
				require.Equal(t, tc.token, access.Token)
				return
			}
			encoded, found := strings.CutPrefix(access.Token, "k8s-aws-v1.")
			require.True(t, found)
			raw, err := base64.RawURLEncoding.DecodeString(encoded)
			require.NoError(t, err)
			at, err := url.Parse(string(raw))
			require.NoError(t, err)
			require.Equal(t, []string{"GetCallerIdentity", "60"}, []string{at.Query().Get("Action"), at.Query().Get("X-Amz-Expires")})
			asked := httptest.NewRequest(http.MethodGet, at.String(), nil)
			asked.Header.Set("X-K8s-Aws-Id", "main")
			require.Equal(t, tc.signer, signedBy(asked, "sts", noBody))
			asked.Header.Set("X-K8s-Aws-Id", "another")
			require.Empty(t, signedBy(asked, "sts", noBody), "it is good for this cluster only")
		})
	}
}

// TestClusterTokensAreKept counts the exchanges.
func TestClusterTokensAreKept(t *testing.T) {
	t.Parallel()
	c := newCloud(t)
	source := c.source("aks", nil)
	target := orchestrator.Target{Type: "aks", Values: places["aks"], Credentials: map[string]any{"appId": "app-1", "password": "entra-password", "tenant": "tenant-1"}}
	access, err := source.Access(t.Context(), target)
	require.NoError(t, err)
	first := c.requests()
	require.Equal(t, 3, first, "a token to ask with, the cluster, a token for it")
	var group sync.WaitGroup
	for range 8 {
		group.Go(func() { _, _ = source.Access(t.Context(), target) })
	}
	group.Wait()
	require.Equal(t, first, c.requests())
	source.Forget(target, "another token")
	_, err = source.Access(t.Context(), target)
	require.NoError(t, err)
	require.Equal(t, first, c.requests(), "somebody else has got a new one already")
	source.Forget(target, access.Token)
	_, err = source.Access(t.Context(), target)
	require.NoError(t, err)
	require.Equal(t, 2*first, c.requests())
	c.clock = c.clock.Add(58*time.Minute + time.Second)
	_, err = source.Access(t.Context(), target)
	require.NoError(t, err)
	require.Equal(t, 3*first, c.requests(), "it ends in two minutes")

	target.Values = map[string]any{"cluster_data": map[string]any{"server": "https://private.aks", "certificate-authority-data": authority}}
	access, err = source.Access(t.Context(), target)
	require.NoError(t, err)
	require.Equal(t, "https://private.aks", access.Server)
	require.Equal(t, 3*first+1, c.requests(), "the address is given, so only a token is asked for")
}

func TestClusterAccessRefused(t *testing.T) {
	t.Parallel()
	c := newCloud(t)
	sa := map[string]any{"client_email": "deployer@shop.iam", "private_key": c.pem()}
	cases := map[string]struct {
		kind        string
		values      map[string]any
		credentials map[string]any
		status      int
		code        orchestrator.Code
		want        string
	}{
		"gke without credentials":    {kind: "gke", code: orchestrator.CodeInvalid, want: "gcp_audience"},
		"gke without a place":        {kind: "gke", values: map[string]any{"name": "main"}, credentials: sa, code: orchestrator.CodeInvalid, want: "zone"},
		"gke with a broken key":      {kind: "gke", credentials: map[string]any{"client_email": "a", "private_key": "broken-key"}, code: orchestrator.CodeInvalid, want: "private_key"},
		"gke federated, no identity": {kind: "gke", credentials: map[string]any{"gcp_audience": "x"}, code: orchestrator.CodeInvalid, want: "--cloud-identity-file"},
		"gke that is not trusted":    {kind: "gke", credentials: sa, status: 400, code: orchestrator.CodeForbidden, want: "invalid_grant no; check the credentials"},
		"google is busy":             {kind: "gke", credentials: sa, status: 503, code: orchestrator.CodeUnavailable, want: "503"},
		"gke that does not exist":    {kind: "gke", credentials: map[string]any{"access_token": "gcp-token"}, status: 404, code: orchestrator.CodeInvalid, want: "check name and place"},
		"eks without credentials":    {kind: "eks", code: orchestrator.CodeInvalid, want: "aws_role"},
		"eks in no region":           {kind: "eks", values: map[string]any{"name": "main", "region": "evil.example.com/"}, code: orchestrator.CodeInvalid, want: "region"},
		"eks with a wrong key": {kind: "eks", credentials: map[string]any{"aws_access_key_id": "AKIASTATIC", "aws_secret_access_key": "wrong-secret"},
			code: orchestrator.CodeForbidden, want: "security token"},
		"eks with a role nobody can assume": {kind: "eks", credentials: map[string]any{"aws_role": "arn:aws:iam::1:role/deployer"}, code: orchestrator.CodeInvalid, want: "AWS_ACCESS_KEY_ID"},
		"eks with a role that is not given": {kind: "eks", credentials: map[string]any{"aws_access_key_id": "AKIASTATIC", "aws_secret_access_key": "static-secret", "aws_role": "arn:aws:iam::1:role/root"},
			code: orchestrator.CodeForbidden, want: "AccessDenied not allowed to assume"},
		"aks without credentials": {kind: "aks", code: orchestrator.CodeInvalid, want: "azure_identity_tenant_id"},
		"aks with a wrong password": {kind: "aks", credentials: map[string]any{"appId": "app-1", "password": "wrong-password", "tenant": "tenant-1"},
			code: orchestrator.CodeForbidden, want: "AADSTS7000215"},
		"aks in a tenant elsewhere": {kind: "aks", credentials: map[string]any{"appId": "app-1", "password": "p", "tenant": "../x"}, code: orchestrator.CodeInvalid, want: "tenant"},
	}
	for _, name := range slices.Sorted(mapKeys(cases)) {
		tc := cases[name]
		t.Run(name, func(t *testing.T) {
			values := tc.values
			if values == nil {
				values = places[tc.kind]
			}
			c.mu.Lock()
			c.fail = tc.status
			c.mu.Unlock()
			_, err := c.source(tc.kind, nil).Access(t.Context(), orchestrator.Target{Type: tc.kind, Values: values, Credentials: tc.credentials})
			require.ErrorContains(t, err, tc.want)
			require.Equal(t, tc.code, orchestrator.CodeOf(err), err)
			for _, secret := range []string{"broken-key", "wrong-secret", "wrong-password", "static-secret"} {
				require.NotContains(t, err.Error(), secret)
			}
		})
	}
	gone := c.source("aks", func(o *clouds.Options) { o.Endpoints[clouds.EndpointAzureLogin] = "http://127.0.0.1:1" })
	_, err := gone.Access(t.Context(), orchestrator.Target{Type: "aks", Values: places["aks"], Credentials: map[string]any{"appId": "app-1", "password": "p", "tenant": "tenant-1"}})
	require.Equal(t, orchestrator.CodeUnavailable, orchestrator.CodeOf(err))
}

func mapKeys[V any](m map[string]V) func(func(string) bool) {
	return func(yield func(string) bool) {
		for k := range m {
			if !yield(k) {
				return
			}
		}
	}
}
