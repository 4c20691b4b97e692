package clouds_test

import (
	"context"
	"errors"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/slipway-dev/slipway/internal/delivery/clouds"
	"github.com/slipway-dev/slipway/orchestrator"
)

func counted(n int) func(context.Context) (int, error) {
	return func(context.Context) (int, error) { return n, nil }
}

// TestIdentitiesAreBounded opens clusters by the identity of the server, for organizations that may and that may not.
func TestIdentitiesAreBounded(t *testing.T) {
	t.Parallel()
	c := newCloud(t)
	role := map[string]any{"aws_role": "arn:aws:iam::1:role/deployer", "external_id": "ext-1"}
	gcp := map[string]any{"gcp_service_account": "deployer@shop.iam", "gcp_audience": "//iam.googleapis.com/pool"}
	azure := map[string]any{"azure_identity_client_id": "app-1", "azure_identity_tenant_id": "tenant-1"}
	federated := withIdentity(t)
	byKeys := func(o *clouds.Options) { o.AWSAccessKeyID, o.AWSSecretAccessKey = "AKIASTATIC", "static-secret" }
	cases := map[string]struct {
		kind          string
		entries       []string
		organizations func(context.Context) (int, error)
		org           string
		credentials   map[string]any
		more          func(o *clouds.Options)
		refused       string
		code          orchestrator.Code
	}{
		"one organization":                        {kind: "eks", organizations: counted(1), credentials: role, more: federated},
		"several organizations":                   {kind: "eks", organizations: counted(2), credentials: role, more: federated, refused: `organization "acme" may not become "arn:aws:iam::1:role/deployer"`},
		"several organizations, keys":             {kind: "eks", organizations: counted(2), credentials: role, more: byKeys, refused: "--cloud-identities acme=arn:aws:iam::1:role/deployer"},
		"several organizations, keys of its own":  {kind: "eks", organizations: counted(2), credentials: map[string]any{"aws_access_key_id": "AKIASTATIC", "aws_secret_access_key": "static-secret", "aws_role": "arn:aws:iam::1:role/deployer", "external_id": "ext-1"}},
		"nobody counts them":                      {kind: "eks", credentials: role, more: federated, refused: "several organizations share"},
		"they cannot be counted":                  {kind: "eks", organizations: func(context.Context) (int, error) { return 0, errors.New("gone") }, credentials: role, more: federated, refused: "count the organizations", code: orchestrator.CodeUnavailable},
		"a role that is listed":                   {kind: "eks", entries: []string{"acme=arn:aws:iam::1:role/*"}, organizations: counted(2), credentials: role, more: federated},
		"a role that is listed for all":           {kind: "eks", entries: []string{"*=arn:aws:iam::1:role/deployer"}, credentials: role, more: federated},
		"a role that is listed for another":       {kind: "eks", entries: []string{"evil=arn:aws:iam::1:role/deployer"}, organizations: counted(1), credentials: role, more: federated, refused: "may not become"},
		"a role with more before and after":       {kind: "eks", entries: []string{"acme=aws:iam::1:role/deploy"}, credentials: role, more: federated, refused: "may not become"},
		"a dot is a dot":                          {kind: "gke", entries: []string{"acme=deployer@shopXiam", "acme=//iam*"}, credentials: gcp, more: federated, refused: `"deployer@shop.iam"`},
		"no organization":                         {kind: "eks", org: "-", entries: []string{"acme=*"}, credentials: role, more: federated, refused: "may not become"},
		"a service account and an audience":       {kind: "gke", entries: []string{"acme=deployer@shop.iam", "acme=//iam.googleapis.com/*"}, credentials: gcp, more: federated},
		"a service account without its audience":  {kind: "gke", entries: []string{"acme=deployer@shop.iam"}, credentials: gcp, more: federated, refused: `"//iam.googleapis.com/pool"`},
		"an application of Azure":                 {kind: "aks", entries: []string{"acme=tenant-1/app-1"}, credentials: azure, more: federated},
		"another application of Azure":            {kind: "aks", entries: []string{"acme=tenant-1/app-2"}, credentials: azure, more: federated, refused: `"tenant-1/app-1"`},
		"a service principal is nobody's concern": {kind: "aks", organizations: counted(2), credentials: map[string]any{"appId": "app-1", "password": "entra-password", "tenant": "tenant-1"}},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			bound, err := clouds.ParseIdentities(tc.entries, tc.organizations)
			require.NoError(t, err)
			source := c.source(tc.kind, func(o *clouds.Options) {
				if tc.more != nil {
					tc.more(o)
				}
				o.Identities = bound
			})
			org := map[string]string{"": "acme", "-": ""}[tc.org]
			asked := c.requests()
			_, err = source.Access(t.Context(), orchestrator.Target{
				Env: orchestrator.EnvRef{OrgID: org}, Type: tc.kind, Values: places[tc.kind], Credentials: tc.credentials,
			})
			if tc.refused == "" {
				require.NoError(t, err)
				return
			}
			require.ErrorContains(t, err, tc.refused)
			code := tc.code
			if code == "" {
				code = orchestrator.CodeForbidden
			}
			require.Equal(t, code, orchestrator.CodeOf(err))
			require.Equal(t, asked, c.requests(), "the cloud was not asked")
		})
	}
}

// TestTokensAreNotShared: what one organization has opened does not open for another one.
func TestTokensAreNotShared(t *testing.T) {
	t.Parallel()
	c := newCloud(t)
	bound, err := clouds.ParseIdentities([]string{"acme=*"}, nil)
	require.NoError(t, err)
	federated := withIdentity(t)
	source := c.source("eks", func(o *clouds.Options) { federated(o); o.Identities = bound })
	target := orchestrator.Target{
		Env: orchestrator.EnvRef{OrgID: "acme"}, Type: "eks", Values: places["eks"], Credentials: map[string]any{"aws_role": "arn:aws:iam::1:role/deployer"},
	}
	_, err = source.Access(t.Context(), target)
	require.NoError(t, err)
	target.Env.OrgID = "evil"
	_, err = source.Access(t.Context(), target)
	require.Equal(t, orchestrator.CodeForbidden, orchestrator.CodeOf(err))
}

func TestParseIdentities(t *testing.T) {
	t.Parallel()
	for _, entry := range []string{"acme", "=x", "acme=", "ac*=x"} {
		_, err := clouds.ParseIdentities([]string{entry}, nil)
		require.ErrorContains(t, err, entry)
	}
}
