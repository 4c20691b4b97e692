package e2e

import (
	"net/http"
	"strings"

	"github.com/stretchr/testify/require"
)

// shownAt says which secret the answer of an operation is made to show, by its
// path: credentials of a registry for CI, headers of a webhook for the owners of
// its application.
var shownAt = map[string]string{
	"/orgs/{orgId}/registries/{regId}/creds":      "password of a registry",
	"/orgs/{orgId}/apps/{appId}/webhooks":         "header of a webhook",
	"/orgs/{orgId}/apps/{appId}/webhooks/{jobId}": "header of a webhook",
}

// canaryAssets gives secrets to what platform engineers and CI bring along. The
// webhook is refused by nobody's machine, so that there are deliveries that failed.
func (i *instance) canaryAssets(c *canaries) {
	i.t.Helper()
	i.must(http.StatusCreated, http.MethodPost, org+"/registries", map[string]any{"id": "canary-registry", "registry": "registry.test", "type": "basic",
		"enable_ci": true, "creds": map[string]any{"username": "robot", "password": c.secrets["password of a registry"]}})
	i.must(http.StatusOK, http.MethodPost, org+"/resources/accounts", map[string]any{"id": "canary-account", "name": "AWS", "type": "aws",
		"credentials": map[string]any{"aws_access_key_id": "AKIA", "aws_secret_access_key": c.secrets["key of an account"]}})
	i.must(http.StatusCreated, http.MethodPost, org+"/secretstores", map[string]any{"id": "canary-store", "primary": false,
		"vault": map[string]any{"url": "https://127.0.0.1:1", "auth": map[string]any{"token": c.secrets["token of a secret store"]}}})
	i.must(http.StatusCreated, http.MethodPost, org+"/apps/canary/webhooks", map[string]any{"id": "canary-hook", "url": "https://127.0.0.1:1/hook",
		"headers": map[string]any{"X-Key": c.secrets["header of a webhook"]}, "secret": c.secrets["secret of a webhook"],
		"payload": map[string]any{}, "triggers": []any{map[string]any{"scope": "deployment", "type": "started"}, map[string]any{"scope": "deployment", "type": "finished"}}})
	invited := i.must(http.StatusOK, http.MethodPost, org+"/groups", map[string]any{"group_id": "canaries", "idp_id": "none", "role": "member"})
	require.NotEmpty(i.t, invited)
	status, out := i.call(http.MethodPost, org+"/invitations", map[string]any{"email": "canary@example.test", "role": "member"})
	require.Equal(i.t, http.StatusOK, status, "%v", out)
	token, _ := out.([]any)[0].(map[string]any)["invite_token"].(string)
	require.NotEmpty(i.t, token)
	c.secrets["token of an invitation"] = token
}

// withoutWhatItShows takes the secret out of an answer that is there to show it.
func (c *canaries) withoutWhatItShows(template string, body []byte) []byte {
	name := shownAt[template]
	if c == nil || name == "" {
		return body
	}
	return []byte(strings.ReplaceAll(string(body), c.secrets[name], ""))
}
