package drivers

// publicCatalogue lists the drivers that published resource definitions name.
// A definition that names one of them is accepted everywhere; whether it can run
// depends on what is registered. Source: section "Drivers" of the published
// documentation and public definitions.
func publicCatalogue() []Descriptor {
	list := []Descriptor{
		{ID: "humanitec/agent", ResourceType: "agent"},
		{ID: "humanitec/container", Kind: Heavy},
		{ID: "humanitec/dns-aws-route53", ResourceType: "dns", Kind: Heavy},
		{ID: "humanitec/dns-cloudflare", ResourceType: "dns", Kind: Heavy},
		{ID: "humanitec/dns-wildcard", ResourceType: "dns"},
		{ID: "humanitec/echo"},
		{ID: "humanitec/static"},
		{ID: "humanitec/hpa", ResourceType: "horizontal-pod-autoscaler"},
		{ID: "humanitec/ingress", ResourceType: "ingress"},
		{ID: "humanitec/k8s-cluster", ResourceType: "k8s-cluster"},
		{ID: "humanitec/k8s-cluster-aks", ResourceType: "k8s-cluster"},
		{ID: "humanitec/k8s-cluster-eks", ResourceType: "k8s-cluster"},
		{ID: "humanitec/k8s-cluster-git", ResourceType: "k8s-cluster"},
		{ID: "humanitec/k8s-cluster-gke", ResourceType: "k8s-cluster"},
		{ID: "humanitec/k8s-namespace", ResourceType: "k8s-namespace"},
		{ID: "humanitec/lightweight-in-cluster-mariadb", ResourceType: "mariadb"},
		{ID: "humanitec/lightweight-in-cluster-mongodb", ResourceType: "mongodb"},
		{ID: "humanitec/lightweight-in-cluster-mysql", ResourceType: "mysql"},
		{ID: "humanitec/lightweight-in-cluster-postgres", ResourceType: "postgres"},
		{ID: "humanitec/lightweight-in-cluster-redis", ResourceType: "redis"},
		{ID: "humanitec/logging-gcp", ResourceType: "logging"},
		{ID: "humanitec/logging-k8s", ResourceType: "logging"},
		{ID: "humanitec/newapp-io-dns", ResourceType: "dns", Kind: Heavy},
		{ID: "humanitec/newapp-io-tls", ResourceType: "tls-cert", Kind: Heavy},
		{ID: "humanitec/opentofu-container-runner", Kind: Heavy},
		{ID: "humanitec/postgres-cloudsql", ResourceType: "postgres", Kind: Heavy},
		{ID: "humanitec/postgres-cloudsql-static", ResourceType: "postgres", Kind: Heavy},
		{ID: "humanitec/s3", ResourceType: "s3", Kind: Heavy},
		{ID: "humanitec/template"},
		{ID: "humanitec/terraform", Kind: Heavy},
		{ID: "humanitec/terraform-container-runner", Kind: Heavy},
		{ID: "humanitec/volume-nfs", ResourceType: "volume"},
		{ID: "humanitec/volume-pvc", ResourceType: "volume"},
	}
	for i := range list {
		if list[i].ResourceType == "" {
			list[i].ResourceType = AnyType
		}
	}
	return list
}
