package kubernetes_test

import (
	"context"
	"encoding/base64"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/require"
	authenticationv1 "k8s.io/api/authentication/v1"
	authorizationv1 "k8s.io/api/authorization/v1"
	rbacv1 "k8s.io/api/rbac/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	client "k8s.io/client-go/kubernetes"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/tools/clientcmd"

	"github.com/slipway-dev/slipway/internal/delivery/kubernetes"
	"github.com/slipway-dev/slipway/orchestrator"
)

// documentedRights are those of docs/guides/deliver-to-kubernetes.md for one namespace.
var documentedRights = []rbacv1.PolicyRule{
	{APIGroups: []string{"", "apps", "batch", "networking.k8s.io", "autoscaling", "policy"}, Resources: []string{"*"},
		Verbs: []string{"get", "list", "create", "patch", "delete"}},
}

// narrow gives the environment a namespace that is there already, and a service account with rights in it and nowhere else.
func (e *env) narrow(rules []rbacv1.PolicyRule) (config *rest.Config, token string) {
	e.t.Helper()
	ctx := e.t.Context()
	config, err := clientcmd.BuildConfigFromFlags("", kubeconfigPath(e.t))
	require.NoError(e.t, err)
	admin, err := client.NewForConfig(config)
	require.NoError(e.t, err)
	_, err = e.resource("v1/namespaces", "").Create(ctx, unstructuredOf(e.objects("apiVersion: v1\nkind: Namespace\nmetadata: {name: NS}")[0]), metav1.CreateOptions{})
	require.NoError(e.t, err)
	e.limit(rules)
	for _, object := range []string{
		"apiVersion: v1\nkind: ServiceAccount\nmetadata: {name: deployer, namespace: NS}",
		"apiVersion: rbac.authorization.k8s.io/v1\nkind: RoleBinding\nmetadata: {name: deployer, namespace: NS}\n" +
			"roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: deployer}\nsubjects: [{kind: ServiceAccount, name: deployer, namespace: NS}]",
	} {
		o := e.objects(object)[0]
		resource := map[string]string{"ServiceAccount": "v1/serviceaccounts", "RoleBinding": "rbac.authorization.k8s.io/v1/rolebindings"}[o.Kind()]
		_, err := e.resource(resource, e.namespace).Create(ctx, unstructuredOf(o), metav1.CreateOptions{})
		require.NoError(e.t, err)
	}
	made, err := admin.CoreV1().ServiceAccounts(e.namespace).CreateToken(ctx, "deployer", &authenticationv1.TokenRequest{}, metav1.CreateOptions{})
	require.NoError(e.t, err)
	e.request.Values = map[string]any{"cluster_data": map[string]any{
		"server": config.Host, "certificate-authority-data": base64.StdEncoding.EncodeToString(config.CAData),
	}}
	e.request.Credentials = map[string]any{"token": made.Status.Token}
	return config, made.Status.Token
}

// limit sets what the service account may do from now on.
func (e *env) limit(rules []rbacv1.PolicyRule) {
	e.t.Helper()
	config, err := clientcmd.BuildConfigFromFlags("", kubeconfigPath(e.t))
	require.NoError(e.t, err)
	admin, err := client.NewForConfig(config)
	require.NoError(e.t, err)
	roles := admin.RbacV1().Roles(e.namespace)
	_ = roles.Delete(context.Background(), "deployer", metav1.DeleteOptions{})
	_, err = roles.Create(e.t.Context(), &rbacv1.Role{ObjectMeta: metav1.ObjectMeta{Name: "deployer"}, Rules: rules}, metav1.CreateOptions{})
	require.NoError(e.t, err)
}

// allowed waits until the API server's authorizer has seen a change of rights, which it learns by a watch.
func (e *env) allowed(want bool, verb, resource string) {
	e.t.Helper()
	config := &rest.Config{Host: e.request.Values["cluster_data"].(map[string]any)["server"].(string)}
	var err error
	config.CAData, err = base64.StdEncoding.DecodeString(e.request.Values["cluster_data"].(map[string]any)["certificate-authority-data"].(string))
	require.NoError(e.t, err)
	config.BearerToken = e.request.Credentials["token"].(string)
	narrow, err := client.NewForConfig(config)
	require.NoError(e.t, err)
	e.eventually(func() bool { return mayI(e.t.Context(), narrow, e.namespace, verb, resource) == want })
}

// mayI asks the API server.
func mayI(ctx context.Context, c client.Interface, namespace, verb, resource string) bool {
	review := &authorizationv1.SelfSubjectAccessReview{Spec: authorizationv1.SelfSubjectAccessReviewSpec{
		ResourceAttributes: &authorizationv1.ResourceAttributes{Namespace: namespace, Verb: verb, Resource: resource},
	}}
	answer, err := c.AuthorizationV1().SelfSubjectAccessReviews().Create(ctx, review, metav1.CreateOptions{})
	return err == nil && answer.Status.Allowed
}

func TestRightsInOneNamespace(t *testing.T) {
	t.Parallel()
	e := newEnv(t)
	e.narrow(documentedRights)
	e.allowed(true, "patch", "configmaps")
	result := e.delivered(deployment("api", 2, ""), service, configMap("settings", "1"), configMap("goes", "1"))
	require.Equal(t, 4, result.Written, "the namespace is theirs")
	require.NoError(t, e.delivery.Watch(t.Context(), e.request))
	result = e.delivered(service, configMap("settings", "1"))
	require.Equal(t, 2, result.Removed)
	require.Zero(t, result.Written, "that nothing was written can be told without listing namespaces")
	e.gone("apps/v1/deployments", e.namespace, "api")
	e.gone("v1/configmaps", e.namespace, "goes")

	e.delivered(deployment("api", 1, "slipway.dev/simulate: CrashLoopBackOff"), service)
	require.ErrorContains(t, e.delivery.Watch(t.Context(), e.request), `CrashLoopBackOff`)
	_, err := e.remove()
	require.NoError(t, err)
	e.gone("apps/v1/deployments", e.namespace, "api")
	e.gone("v1/services", e.namespace, "api")
	_, err = e.resource("v1/namespaces", "").Get(t.Context(), e.namespace, metav1.GetOptions{})
	require.NoError(t, err, "the namespace stays: Slipway has not made it")
}

func TestARightThatIsMissing(t *testing.T) {
	t.Parallel()
	rules := func(verbs ...string) []rbacv1.PolicyRule {
		return []rbacv1.PolicyRule{{APIGroups: []string{""}, Resources: []string{"configmaps", "pods"}, Verbs: verbs}}
	}
	cases := map[string]struct {
		rules []rbacv1.PolicyRule
		do    func(e *env) error
		want  []string
	}{
		"to apply": {
			rules: rules("get", "list"),
			do:    func(e *env) error { _, err := e.deliver(configMap("settings", "2")); return err },
			want:  []string{`ConfigMap "settings" in namespace`, `rule {apiGroups: [""], resources: ["configmaps"], verbs: ["patch"]}`},
		},
		"to apply one of several kinds": {
			rules: rules("get", "list", "create", "patch", "delete"),
			do: func(e *env) error {
				_, err := e.deliver(configMap("settings", "2"), service)
				e.get("v1/configmaps", "settings")
				return err
			},
			want: []string{`Service "api" in namespace`, `resources: ["services"], verbs: ["patch"]`},
		},
		"to look whether something is left": {
			rules: rules("list", "create", "patch", "delete"),
			do:    func(e *env) error { _, err := e.deliver(configMap("other", "1")); return err },
			want:  []string{`ConfigMap "settings" in namespace`, `resources: ["configmaps"], verbs: ["get"]`},
		},
		"to delete": {
			rules: rules("get", "list", "create", "patch"),
			do:    func(e *env) error { _, err := e.remove(); return err },
			want:  []string{`ConfigMap "settings" in namespace`, `resources: ["configmaps"], verbs: ["delete"]`},
		},
		"to watch": {
			rules: rules("get", "list", "create", "patch", "delete"),
			do: func(e *env) error {
				e.request.Objects = e.objects(deployment("api", 1, ""))
				return e.delivery.Watch(e.t.Context(), e.request)
			},
			want: []string{`Deployment "api" in namespace`, `apiGroups: ["apps"], resources: ["deployments"], verbs: ["get"]`},
		},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			e := newEnv(t)
			e.narrow(rules("get", "list", "create", "patch", "delete"))
			e.allowed(true, "patch", "configmaps")
			e.delivered(configMap("settings", "1"))
			e.limit(tc.rules)
			for _, verb := range []string{"get", "list", "create", "patch", "delete"} {
				e.allowed(slices.Contains(tc.rules[0].Verbs, verb), verb, "configmaps")
			}
			err := tc.do(e)
			require.Equal(t, orchestrator.CodeForbidden, orchestrator.CodeOf(err), err)
			for _, want := range append(tc.want, `a Role in namespace "`+e.namespace+`"`, `"system:serviceaccount:`+e.namespace+`:deployer"`) {
				require.ErrorContains(t, err, want)
			}
		})
	}
}

// TestTheClusterTheServerRunsIn reads a token from files as a pod finds them.
func TestTheClusterTheServerRunsIn(t *testing.T) {
	e := newEnv(t)
	config, token := e.narrow(documentedRights)
	e.allowed(true, "patch", "configmaps")
	e.request.Values, e.request.Credentials = nil, nil
	address, err := url.Parse(config.Host)
	require.NoError(t, err)
	t.Setenv("KUBERNETES_SERVICE_HOST", address.Hostname())
	t.Setenv("KUBERNETES_SERVICE_PORT", address.Port())
	folder := t.TempDir()
	e.delivery = kubernetes.New(kubernetes.Options{ServiceAccount: folder})
	_, err = e.deliver(configMap("settings", "1"))
	require.ErrorContains(t, err, "automountServiceAccountToken")
	require.Equal(t, orchestrator.CodeUnavailable, orchestrator.CodeOf(err))

	require.NoError(t, os.WriteFile(filepath.Join(folder, "ca.crt"), config.CAData, 0o600))
	require.NoError(t, os.WriteFile(filepath.Join(folder, "token"), []byte(token+"\n"), 0o600))
	require.Equal(t, 1, e.delivered(configMap("settings", "1")).Written)
	kind, at, err := e.delivery.Identify(e.request.Target)
	require.NoError(t, err)
	require.Equal(t, []string{"kubernetes", config.Host}, []string{kind, at})
}

// tokenSource stands for the exchange of a cloud's credentials (internal/delivery/clouds): what it gives at last is real.
type tokenSource struct {
	access kubernetes.Access
	stale  *atomic.Bool // gives a token that is not good any more, until that is refused
}

func (s tokenSource) Access(context.Context, orchestrator.Target) (kubernetes.Access, error) {
	if s.stale.Load() {
		return kubernetes.Access{Server: s.access.Server, CA: s.access.CA, Token: "expired-token"}, nil
	}
	return s.access, nil
}

func (s tokenSource) Forget(_ orchestrator.Target, token string) {
	if token == "expired-token" {
		s.stale.Store(false)
	}
}

func TestAClusterOfACloud(t *testing.T) {
	t.Parallel()
	e := newEnv(t)
	config, token := e.narrow(documentedRights)
	e.allowed(true, "patch", "configmaps")
	e.request.Type = "gke"
	e.request.Values = map[string]any{"name": "main", "zone": "europe-west1-b", "project_id": "shop"}
	e.request.Credentials = map[string]any{"type": "service_account", "private_key": "cloud-key-of-a-test"}
	_, err := e.deliver(configMap("settings", "1"))
	require.ErrorContains(t, err, "does not exchange")
	require.NotContains(t, err.Error(), "cloud-key")
	require.Equal(t, orchestrator.CodeInvalid, orchestrator.CodeOf(err))

	stale := &atomic.Bool{}
	e.delivery = kubernetes.New(kubernetes.Options{TokenSources: map[string]kubernetes.TokenSource{
		"gke": tokenSource{access: kubernetes.Access{Server: config.Host, CA: config.CAData, Token: token}, stale: stale},
	}})
	require.Equal(t, 1, e.delivered(configMap("settings", "1")).Written)
	stale.Store(true)
	require.Equal(t, 1, e.delivered(configMap("settings", "2")).Written, "a refused token is replaced, and the request repeated")
	require.False(t, stale.Load())
}
