package kubernetes

import (
	"context"
	"encoding/base64"
	"net"
	"os"
	"path/filepath"
	"strings"
	"time"

	"k8s.io/client-go/rest"
	"k8s.io/client-go/tools/clientcmd"

	"github.com/slipway-dev/slipway/orchestrator"
)

// requestTimeout is how long one request may take.
const requestTimeout = 60 * time.Second

// restConfig says how to reach a cluster: by the outputs of its k8s-cluster resource (cluster_data{server,
// certificate-authority-data}, credentials{client-certificate-data, client-key-data} or {token}), or as the server's own.
func (d *Delivery) restConfig(ctx context.Context, t orchestrator.Target) (*rest.Config, error) {
	config, err := d.address(ctx, t)
	if err != nil {
		return nil, err
	}
	config.QPS, config.Burst = d.options.QPS, int(2*d.options.QPS)
	config.UserAgent, config.Timeout = FieldManager, requestTimeout
	// Warnings of the API server are for people at a terminal.
	config.WarningHandler = rest.NoWarnings{}
	return config, nil
}

func (d *Delivery) address(ctx context.Context, t orchestrator.Target) (*rest.Config, error) {
	data, _ := t.Values["cluster_data"].(map[string]any)
	cloud := t.Type != "" && t.Type != "k8s"
	if server, _ := data["server"].(string); server != "" && (!cloud || ownCredentials(t)) {
		return given(server, data, t.Credentials)
	}
	if cloud {
		return d.exchanged(ctx, t)
	}
	if d.options.Kubeconfig != "" {
		config, err := clientcmd.BuildConfigFromFlags("", d.options.Kubeconfig)
		if err != nil {
			return nil, orchestrator.Invalidf("resource k8s-cluster gives no cluster_data, and the server's kubeconfig cannot be used: %v", err)
		}
		return config, nil
	}
	return d.inCluster()
}

// inCluster reads what Kubernetes gives to every pod. The token is read anew when it changes: it is good for an hour or so.
func (d *Delivery) inCluster() (*rest.Config, error) {
	host, port := os.Getenv("KUBERNETES_SERVICE_HOST"), os.Getenv("KUBERNETES_SERVICE_PORT")
	if host == "" || port == "" {
		return nil, orchestrator.Invalidf("resource k8s-cluster gives no cluster_data, and this server neither runs in a cluster nor has a kubeconfig: " +
			"add values.cluster_data.server and secrets.credentials to the definition, or start the server with --kubeconfig")
	}
	config := &rest.Config{Host: "https://" + net.JoinHostPort(host, port), BearerTokenFile: filepath.Join(d.options.ServiceAccount, "token")}
	config.CAFile = filepath.Join(d.options.ServiceAccount, "ca.crt")
	for _, file := range []string{config.BearerTokenFile, config.CAFile} {
		if _, err := os.ReadFile(file); err != nil {
			return nil, orchestrator.Errorf(orchestrator.CodeUnavailable, "read the credentials of the cluster this server runs in: %v; "+
				"let the pod mount its service account (automountServiceAccountToken)", err)
		}
	}
	return config, nil
}

// given builds the configuration from a definition. It accepts data only, never a path or a command: a definition must not be able
// to read the server's files or to run programs there.
func given(server string, data, credentials map[string]any) (*rest.Config, error) {
	config := &rest.Config{Host: strings.TrimSuffix(server, "/")}
	config.ServerName, _ = data["tls-server-name"].(string)
	for _, field := range []struct {
		from map[string]any
		name string
		to   *[]byte
	}{
		{data, "certificate-authority-data", &config.CAData},
		{credentials, "client-certificate-data", &config.CertData},
		{credentials, "client-key-data", &config.KeyData},
	} {
		text, _ := field.from[field.name].(string)
		content, err := decodePEM(text)
		if err != nil {
			return nil, orchestrator.Invalidf("resource k8s-cluster: %s is neither base64 nor PEM", field.name)
		}
		*field.to = content
	}
	config.BearerToken, _ = credentials["token"].(string)
	if config.BearerToken == "" && (len(config.CertData) == 0 || len(config.KeyData) == 0) {
		return nil, orchestrator.Invalidf("resource k8s-cluster: the credentials hold neither a token nor client-certificate-data with client-key-data")
	}
	return config, nil
}

// decodePEM accepts what a kubeconfig holds (base64 of PEM) and PEM itself.
func decodePEM(text string) ([]byte, error) {
	text = strings.TrimSpace(text)
	if text == "" {
		return nil, nil
	}
	if strings.HasPrefix(text, "-----BEGIN ") {
		return []byte(text + "\n"), nil
	}
	return base64.StdEncoding.DecodeString(text)
}
