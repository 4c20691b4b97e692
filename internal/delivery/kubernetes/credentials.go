package kubernetes

import (
	"encoding/base64"
	"errors"
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
func (d *Delivery) restConfig(t orchestrator.Target) (*rest.Config, error) {
	config, err := d.address(t)
	if err != nil {
		return nil, err
	}
	config.QPS, config.Burst = d.options.QPS, int(2*d.options.QPS)
	config.UserAgent, config.Timeout = FieldManager, requestTimeout
	// Warnings of the API server are for people at a terminal.
	config.WarningHandler = rest.NoWarnings{}
	return config, nil
}

func (d *Delivery) address(t orchestrator.Target) (*rest.Config, error) {
	data, _ := t.Values["cluster_data"].(map[string]any)
	if server, _ := data["server"].(string); server != "" {
		return given(server, data, t.Credentials)
	}
	if t.Type != "" && t.Type != "k8s" {
		return nil, orchestrator.Invalidf("resource k8s-cluster: clusters of type %s need cluster_data and credentials with a token or a client certificate: "+
			"this server does not exchange cloud credentials for them", t.Type)
	}
	if d.options.Kubeconfig != "" {
		config, err := clientcmd.BuildConfigFromFlags("", d.options.Kubeconfig)
		if err != nil {
			return nil, orchestrator.Invalidf("resource k8s-cluster gives no cluster_data, and the server's kubeconfig cannot be used: %v", err)
		}
		return config, nil
	}
	config, err := rest.InClusterConfig()
	if errors.Is(err, rest.ErrNotInCluster) {
		return nil, orchestrator.Invalidf("resource k8s-cluster gives no cluster_data, and this server neither runs in a cluster nor has a kubeconfig: " +
			"add values.cluster_data.server and secrets.credentials to the definition, or start the server with --kubeconfig")
	}
	if err != nil {
		return nil, orchestrator.Errorf(orchestrator.CodeUnavailable, "read the credentials of the cluster this server runs in: %v", err)
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
