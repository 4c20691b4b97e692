package clouds

import (
	"context"
	"net/http"
	"net/url"
	"regexp"
	"time"

	"k8s.io/client-go/tools/clientcmd"

	"github.com/slipway-dev/slipway/internal/delivery/kubernetes"
	"github.com/slipway-dev/slipway/orchestrator"
)

const (
	// aksServerApp is the application that AKS clusters with Entra ID check tokens for (the same in every tenant); a definition may
	// name another as server_app_id.
	aksServerApp = "6dae42f8-4368-4678-94ff-3960e28e3630"
	aksVersion   = "2024-02-01"
	// aksCertificateLife is how long a client certificate of a cluster without Entra ID is kept before the cluster is asked for again.
	aksCertificateLife = time.Hour
)

// pathPart is what tenants, applications and subscriptions look like.
var pathPart = regexp.MustCompile(`^[A-Za-z0-9._-]+$`)

// openAKS takes {appId, password, tenant} of a service principal, or {azure_identity_client_id, azure_identity_tenant_id} of an
// application that trusts this server's token; an {oidc_token} beside either stands in for that token.
func openAKS(ctx context.Context, s *service, t orchestrator.Target) (opened, error) {
	server, authorities, ok, err := given(t)
	if err != nil {
		return opened{}, err
	}
	out := opened{access: kubernetes.Access{Server: server, CA: authorities}}
	if !ok {
		if err := aksCluster(ctx, s, t, &out.access); err != nil {
			return opened{}, err
		}
	}
	if len(out.access.Certificate) > 0 {
		out.until = s.Now().Add(aksCertificateLife)
		return out, nil
	}
	app := text(t.Values, "server_app_id")
	if app == "" {
		app = aksServerApp
	}
	out.access.Token, out.until, err = azureToken(ctx, s, t.Env.OrgID, t.Credentials, app+"/.default")
	return out, err
}

// azureToken is the client credentials grant (RFC 6749 section 4.4), with a password or an assertion (RFC 7523).
func azureToken(ctx context.Context, s *service, org string, c map[string]any, scope string) (string, time.Time, error) {
	client, tenant := text(c, "appId", "azure_identity_client_id"), text(c, "tenant", "azure_identity_tenant_id")
	if !pathPart.MatchString(client) || !pathPart.MatchString(tenant) {
		return "", time.Time{}, orchestrator.Invalidf("resource k8s-cluster: the credentials of an AKS cluster must hold appId, password and tenant, " +
			"or azure_identity_client_id and azure_identity_tenant_id")
	}
	form := url.Values{"grant_type": {"client_credentials"}, "client_id": {client}, "scope": {scope}}
	if password := text(c, "password"); password != "" {
		form.Set("client_secret", password)
	} else {
		assertion := text(c, "oidc_token")
		if assertion == "" {
			var err error
			if assertion, err = s.identity(ctx, org, "an account of the type azure-identity", tenant+"/"+client); err != nil {
				return "", time.Time{}, err
			}
		}
		form.Set("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer")
		form.Set("client_assertion", assertion)
	}
	r, err := newRequest(ctx, http.MethodPost, s.endpoint(EndpointAzureLogin, "")+"/"+tenant+"/oauth2/v2.0/token", form)
	if err != nil {
		return "", time.Time{}, err
	}
	var answer struct {
		Token   string `json:"access_token"`
		Expires int64  `json:"expires_in"`
	}
	if err := s.send(r, "get a token from Microsoft Entra ID for the application "+client, &answer); err != nil {
		return "", time.Time{}, err
	}
	if answer.Token == "" {
		return "", time.Time{}, orchestrator.Errorf(orchestrator.CodeUnavailable, "the answer of Microsoft Entra ID holds no token")
	}
	return answer.Token, s.Now().Add(time.Duration(answer.Expires) * time.Second), nil
}

// aksCluster asks for the kubeconfig of a cluster. Of it only data is used: no path, no command.
func aksCluster(ctx context.Context, s *service, t orchestrator.Target, access *kubernetes.Access) error {
	name, group, subscription := text(t.Values, "name"), text(t.Values, "resource_group"), text(t.Values, "subscription_id")
	if name == "" || group == "" || !pathPart.MatchString(subscription) {
		return orchestrator.Invalidf("resource k8s-cluster: an AKS cluster needs name, resource_group and subscription_id, or cluster_data with its address")
	}
	token, _, err := azureToken(ctx, s, t.Env.OrgID, t.Credentials, "https://management.azure.com/.default")
	if err != nil {
		return err
	}
	at := s.endpoint(EndpointAzureClusters, "") + "/subscriptions/" + subscription + "/resourceGroups/" + url.PathEscape(group) +
		"/providers/Microsoft.ContainerService/managedClusters/" + url.PathEscape(name) + "/listClusterUserCredential?api-version=" + aksVersion
	r, err := newRequest(ctx, http.MethodPost, at, nil)
	if err != nil {
		return err
	}
	r.Header.Set("Authorization", "Bearer "+token)
	var answer struct {
		Kubeconfigs []struct {
			Value []byte `json:"value"`
		} `json:"kubeconfigs"`
	}
	if err := s.send(r, "ask AKS for the cluster "+name, &answer); err != nil {
		return err
	}
	if len(answer.Kubeconfigs) == 0 {
		return orchestrator.Errorf(orchestrator.CodeUnavailable, "ask AKS for the cluster %s: the answer holds no kubeconfig", name)
	}
	config, err := clientcmd.Load(answer.Kubeconfigs[0].Value)
	if err != nil {
		return orchestrator.Errorf(orchestrator.CodeUnavailable, "ask AKS for the cluster %s: its kubeconfig cannot be read", name)
	}
	for _, cluster := range config.Clusters {
		access.Server, access.CA = cluster.Server, cluster.CertificateAuthorityData
	}
	for _, user := range config.AuthInfos {
		access.Certificate, access.Key = user.ClientCertificateData, user.ClientKeyData
	}
	if access.Server == "" {
		return orchestrator.Errorf(orchestrator.CodeUnavailable, "cluster %s has no address yet: it is being made", name)
	}
	return nil
}
