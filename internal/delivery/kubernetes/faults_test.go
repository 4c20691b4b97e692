package kubernetes_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"fmt"
	"math/big"
	"net"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/tools/clientcmd"

	"github.com/slipway-dev/slipway/internal/testenv"
	"github.com/slipway-dev/slipway/orchestrator"
)

// behind puts a proxy before the API server and has the environment use it.
func (e *env) behind() *testenv.Proxy {
	e.t.Helper()
	config, _ := e.narrow(documentedRights)
	e.allowed(true, "patch", "configmaps")
	server, err := url.Parse(config.Host)
	require.NoError(e.t, err)
	proxy := testenv.NewProxy(e.t, server.Host)
	e.request.Values["cluster_data"].(map[string]any)["server"] = "https://" + proxy.Address()
	return proxy
}

func TestClusterGoesAwayInADelivery(t *testing.T) {
	t.Parallel()
	e := newEnv(t)
	proxy := e.behind()
	var documents []string
	for i := range 200 {
		documents = append(documents, configMap(fmt.Sprintf("c%d", i), "1"))
	}
	there := func() int {
		list, err := e.resource("v1/configmaps", e.namespace).List(t.Context(), metav1.ListOptions{LabelSelector: "slipway.dev/env=dev"})
		require.NoError(t, err)
		return len(list.Items)
	}
	ended := make(chan error)
	go func() {
		_, err := e.deliver(documents...)
		ended <- err
	}()
	e.eventually(func() bool { return there() > 5 })
	proxy.Refuse()
	err := <-ended
	require.Less(t, there(), 200, "it was cut in the middle")
	require.Equal(t, orchestrator.CodeUnavailable, orchestrator.CodeOf(err), "it is worth repeating: %v", err)
	require.ErrorContains(t, err, proxy.Address())
	require.Equal(t, "DEP-CLUSTER", orchestrator.DeploymentErrorsOf(err)[0].Code)
	missing := 200 - there()

	proxy.Open()
	require.Equal(t, missing, e.delivered(documents...).Written, "what was there is not written again")
	require.Equal(t, 200, there())
}

func TestClusterGoesAwayInARollout(t *testing.T) {
	t.Parallel()
	e := newEnv(t)
	proxy := e.behind()
	e.delivered(deployment("api", 1, ""))
	proxy.Refuse()
	ended := make(chan error, 1)
	go func() { ended <- e.delivery.Watch(t.Context(), e.request) }()
	require.Never(t, func() bool { return len(ended) > 0 }, time.Second, 50*time.Millisecond, "an outage is no failure of the rollout")
	proxy.Open()
	select {
	case err := <-ended:
		require.NoError(t, err)
	case <-time.After(35 * time.Second):
		t.Fatal("the rollout was not seen after the outage")
	}
}

// TestClusterIsBusy honours Retry-After.
func TestClusterIsBusy(t *testing.T) {
	t.Parallel()
	e := newEnv(t)
	config, err := clientcmd.BuildConfigFromFlags("", kubeconfigPath(t))
	require.NoError(t, err)
	transport, err := rest.TransportFor(config)
	require.NoError(t, err)
	target, err := url.Parse(config.Host)
	require.NoError(t, err)
	var refused atomic.Int64
	pass := &httputil.ReverseProxy{Transport: transport, Rewrite: func(r *httputil.ProxyRequest) {
		r.SetURL(target)
		r.Out.Header.Del("Authorization")
	}}
	busy := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodPatch && strings.Contains(r.URL.Path, "configmaps") && refused.Add(1) <= 2 {
			w.Header().Set("Retry-After", "1")
			w.WriteHeader(http.StatusTooManyRequests)
			return
		}
		pass.ServeHTTP(w, r)
	}))
	t.Cleanup(busy.Close)
	e.request.Values = map[string]any{"cluster_data": map[string]any{"server": busy.URL}}
	e.request.Credentials = map[string]any{"token": "not-looked-at"}
	started := time.Now()
	require.Equal(t, 2, e.delivered(configMap("settings", "1")).Written)
	require.Equal(t, int64(3), refused.Load())
	require.GreaterOrEqual(t, time.Since(started), 2*time.Second, "it waited as long as it was told, twice")
}

// TestClusterWithAnExpiredCertificate is refused at once and says what to do.
func TestClusterWithAnExpiredCertificate(t *testing.T) {
	t.Parallel()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	require.NoError(t, err)
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), NotBefore: time.Now().Add(-48 * time.Hour), NotAfter: time.Now().Add(-24 * time.Hour), IsCA: true,
		BasicConstraintsValid: true, IPAddresses: []net.IP{net.ParseIP("127.0.0.1")},
	}
	raw, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	require.NoError(t, err)
	server := httptest.NewUnstartedServer(http.NotFoundHandler())
	server.TLS = &tls.Config{Certificates: []tls.Certificate{{Certificate: [][]byte{raw}, PrivateKey: key}}, MinVersion: tls.VersionTLS12}
	server.StartTLS()
	t.Cleanup(server.Close)
	authority := base64.StdEncoding.EncodeToString(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: raw}))
	e := newEnv(t)
	e.request.Values = map[string]any{"cluster_data": map[string]any{"server": server.URL, "certificate-authority-data": authority}}
	e.request.Credentials = map[string]any{"token": "some-token"}
	_, err = e.deliver(configMap("settings", "1"))
	require.Equal(t, orchestrator.CodeInvalid, orchestrator.CodeOf(err), err)
	require.ErrorContains(t, err, "has expired")
	require.ErrorContains(t, err, "renew the certificate")
	told := orchestrator.DeploymentErrorsOf(err)
	require.Equal(t, []string{"DEP-CLUSTER", "deployment"}, []string{told[0].Code, told[0].Scope})
}

// TestClusterUnchangedWritesNothing compares the versions of everything in the namespace.
func TestClusterUnchangedWritesNothing(t *testing.T) {
	t.Parallel()
	e := newEnv(t)
	documents := []string{
		deployment("api", 2, ""), service, configMap("settings", "1"),
		"apiVersion: v1\nkind: Secret\nmetadata: {name: keys, namespace: NS}\nstringData: {token: something}",
		"apiVersion: v1\nkind: ServiceAccount\nmetadata: {name: api, namespace: NS}",
		"apiVersion: batch/v1\nkind: CronJob\nmetadata: {name: tick, namespace: NS}\nspec: {schedule: '0 0 1 1 *', jobTemplate: {spec: {template: {spec: {restartPolicy: Never, containers: [{name: main, image: a}]}}}}}",
		"apiVersion: policy/v1\nkind: PodDisruptionBudget\nmetadata: {name: api, namespace: NS}\nspec: {minAvailable: 1, selector: {matchLabels: {app: api}}}",
	}
	e.delivered(documents...)
	require.NoError(t, e.delivery.Watch(t.Context(), e.request))
	versions := func() map[string]string {
		out := map[string]string{}
		for _, kind := range []string{"apps/v1/deployments", "apps/v1/replicasets", "v1/services", "v1/configmaps", "v1/secrets", "v1/serviceaccounts", "v1/pods",
			"batch/v1/cronjobs", "policy/v1/poddisruptionbudgets"} {
			list, err := e.resource(kind, e.namespace).List(t.Context(), metav1.ListOptions{})
			require.NoError(t, err)
			for _, o := range list.Items {
				out[kind+" "+o.GetName()] = o.GetResourceVersion()
			}
		}
		return out
	}
	var before map[string]string
	e.eventually(func() bool { // the controllers have come to rest
		last := before
		before = versions()
		return fmt.Sprint(last) == fmt.Sprint(before)
	})
	result := e.delivered(documents...)
	require.Zero(t, result.Written)
	require.Zero(t, result.Removed)
	require.Equal(t, before, versions())
}

// TestClusterOfEachEnvironment delivers two environments to two targets by one Delivery: credentials are never mixed up.
func TestClusterOfEachEnvironment(t *testing.T) {
	t.Parallel()
	one, two := newEnv(t), newEnv(t)
	for _, e := range []*env{one, two} {
		e.narrow(documentedRights)
		e.allowed(true, "patch", "configmaps")
	}
	two.delivery = one.delivery
	one.delivered(configMap("settings", "1"))
	two.delivered(configMap("settings", "2"))
	require.Equal(t, map[string]any{"key": "1"}, one.get("v1/configmaps", "settings").Object["data"])
	require.Equal(t, map[string]any{"key": "2"}, two.get("v1/configmaps", "settings").Object["data"])
	two.request.Credentials = one.request.Credentials
	_, err := two.deliver(configMap("settings", "3"))
	require.Equal(t, orchestrator.CodeForbidden, orchestrator.CodeOf(err), "the account of one has no rights in the namespace of two: %v", err)
}
