package clouds_test

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"io"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/slipway-dev/slipway/internal/delivery/clouds"
	"github.com/slipway-dev/slipway/orchestrator"
)

// ecr answers GetAuthorizationToken as Amazon ECR documents it; each token is another one.
func (c *cloud) ecr(r *http.Request) (int, string) {
	raw, _ := io.ReadAll(r.Body)
	sum := sha256.Sum256(raw)
	switch {
	case r.Header.Get("X-Amz-Target") != "AmazonEC2ContainerRegistry_V20150921.GetAuthorizationToken" || r.Header.Get("Content-Type") != "application/x-amz-json-1.1":
		return http.StatusBadRequest, `{"__type":"UnknownOperationException"}`
	case signedBy(r, "ecr", hex.EncodeToString(sum[:])) == "":
		return http.StatusBadRequest, `{"__type":"UnrecognizedClientException","message":"The security token included in the request is invalid."}`
	}
	c.mu.Lock()
	token := base64.StdEncoding.EncodeToString(fmt.Appendf(nil, "AWS:token-%d", c.asked["POST /aws/ecr/"]))
	c.mu.Unlock()
	return 200, fmt.Sprintf(`{"authorizationData":[{"authorizationToken":%q,"expiresAt":%d.5,"proxyEndpoint":"https://123456789012.dkr.ecr.eu-central-1.amazonaws.com"}]}`,
		token, c.clock.Add(12*time.Hour).Unix())
}

func (c *cloud) registries() *clouds.Registries {
	return clouds.NewRegistries(clouds.Options{
		Now: func() time.Time { return c.clock }, Endpoints: map[string]string{clouds.EndpointAWSRegistry: c.server.URL + "/aws/ecr"},
	})
}

const ecrRegistry = "123456789012.dkr.ecr.eu-central-1.amazonaws.com"

// TestRegistryTokens: a token is used for half its life, and shared by what the keys open.
func TestRegistryTokens(t *testing.T) {
	t.Parallel()
	c := newCloud(t)
	r := c.registries()
	keys := orchestrator.RegistryCredentials{Username: "AKIASTATIC", Password: "static-secret"}
	password := func(registry string) string {
		t.Helper()
		got, err := r.Exchange(t.Context(), registry, keys)
		require.NoError(t, err)
		require.Equal(t, "AWS", got.Username)
		require.GreaterOrEqual(t, got.Expires.Sub(c.clock), 6*time.Hour)
		return got.Password
	}
	require.Equal(t, "token-1", password(ecrRegistry))
	require.Equal(t, "token-1", password(ecrRegistry+"/shop"))
	c.clock = c.clock.Add(5*time.Hour + 59*time.Minute)
	require.Equal(t, "token-1", password(ecrRegistry))
	c.clock = c.clock.Add(2 * time.Minute)
	require.Equal(t, "token-2", password(ecrRegistry))
	require.Equal(t, 2, c.requests())
}

func TestRegistryTokensRefused(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		registry string
		secret   string
		status   int
		code     orchestrator.Code
		want     string
	}{
		"another registry":     {registry: "registry.example.com", secret: "static-secret", code: orchestrator.CodeInvalid, want: "none of Amazon ECR"},
		"a look-alike":         {registry: "123456789012.dkr.ecr.eu-central-1.amazonaws.com.evil.example", secret: "static-secret", code: orchestrator.CodeInvalid, want: "none of Amazon ECR"},
		"wrong keys":           {registry: ecrRegistry, secret: "wrong-secret", code: orchestrator.CodeForbidden, want: "security token included in the request is invalid"},
		"it is busy":           {registry: ecrRegistry, secret: "static-secret", status: 503, code: orchestrator.CodeUnavailable, want: "503"},
		"it has been too fast": {registry: ecrRegistry, secret: "static-secret", status: 429, code: orchestrator.CodeUnavailable, want: "429"},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := newCloud(t)
			c.fail = tc.status
			_, err := c.registries().Exchange(t.Context(), tc.registry, orchestrator.RegistryCredentials{Username: "AKIASTATIC", Password: tc.secret})
			require.ErrorContains(t, err, tc.want)
			require.NotContains(t, err.Error(), tc.secret)
			require.Equal(t, tc.code, orchestrator.CodeOf(err))
		})
	}
}
