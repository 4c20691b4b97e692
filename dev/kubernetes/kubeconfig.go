package main

import (
	"fmt"
	"os"

	"k8s.io/client-go/tools/clientcmd"
	clientcmdapi "k8s.io/client-go/tools/clientcmd/api"
)

// writeKubeconfig writes the administrator's kubeconfig, complete in itself, readable by its owner only.
func (o *options) writeKubeconfig() error {
	cluster := clientcmdapi.NewCluster()
	cluster.Server = o.server()
	user := clientcmdapi.NewAuthInfo()
	for file, field := range map[string]*[]byte{
		o.cert("ca"): &cluster.CertificateAuthorityData, o.cert("admin"): &user.ClientCertificateData, o.key("admin"): &user.ClientKeyData,
	} {
		content, err := os.ReadFile(file)
		if err != nil {
			return fmt.Errorf("write the kubeconfig: %w", err)
		}
		*field = content
	}
	config := clientcmdapi.NewConfig()
	config.Clusters["dev"], config.AuthInfos["admin"] = cluster, user
	current := clientcmdapi.NewContext()
	current.Cluster, current.AuthInfo, current.Namespace = "dev", "admin", "default"
	config.Contexts["dev"], config.CurrentContext = current, "dev"
	content, err := clientcmd.Write(*config)
	if err != nil {
		return fmt.Errorf("write the kubeconfig: %w", err)
	}
	draft := o.kubeconfig() + ".new"
	if err := os.WriteFile(draft, content, 0o600); err != nil {
		return fmt.Errorf("write the kubeconfig: %w", err)
	}
	if err := os.Rename(draft, o.kubeconfig()); err != nil {
		return fmt.Errorf("write the kubeconfig: %w", err)
	}
	return nil
}
