package drivers

// What several drivers of other vendors are replaced with.
const (
	dnsInstead = "humanitec/terraform with the provider of the DNS service, or humanitec/dns-wildcard with external-dns in the cluster"
)

// publicCatalogue lists the drivers that published resource definitions name.
// A definition that names one of them is accepted everywhere; whether it can run
// depends on what is registered. Source: section "Drivers" of the published
// documentation and public definitions.
func publicCatalogue() []Descriptor {
	list := []Descriptor{
		{ID: "humanitec/agent", ResourceType: "agent"},
		{ID: "humanitec/container", Kind: Heavy},
		{ID: "humanitec/dns-aws-route53", ResourceType: "dns", Kind: Heavy, Instead: dnsInstead},
		{ID: "humanitec/dns-cloudflare", ResourceType: "dns", Kind: Heavy, Instead: dnsInstead},
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
		{ID: "humanitec/lightweight-in-cluster-mariadb", ResourceType: "mariadb", Instead: "humanitec/template as in the definition starter-mariadb, which runs the same kind of server in the cluster"},
		{ID: "humanitec/lightweight-in-cluster-mongodb", ResourceType: "mongodb", Instead: "humanitec/template as in the definition starter-mongodb, which runs the same kind of server in the cluster"},
		{ID: "humanitec/lightweight-in-cluster-mysql", ResourceType: "mysql", Instead: "humanitec/template as in the definition starter-mysql, which runs the same kind of server in the cluster"},
		{ID: "humanitec/lightweight-in-cluster-postgres", ResourceType: "postgres", Instead: "humanitec/template as in the definition starter-postgres, which runs the same kind of server in the cluster"},
		{ID: "humanitec/lightweight-in-cluster-redis", ResourceType: "redis", Instead: "humanitec/template as in the definition starter-redis, which runs the same kind of server in the cluster"},
		{ID: "humanitec/logging-gcp", ResourceType: "logging"},
		{ID: "humanitec/logging-k8s", ResourceType: "logging"},
		{ID: "humanitec/newapp-io-dns", ResourceType: "dns", Kind: Heavy, Instead: "humanitec/dns-wildcard with a domain of your own, as in the definition starter-dns"},
		{ID: "humanitec/newapp-io-tls", ResourceType: "tls-cert", Kind: Heavy, Instead: "a certificate of your own: the definition starter-tls-cert signs one itself, and humanitec/template can make a Certificate of cert-manager"},
		{ID: "humanitec/opentofu-container-runner", Kind: Heavy},
		{ID: "humanitec/postgres-cloudsql", ResourceType: "postgres", Kind: Heavy, Instead: "humanitec/terraform with google_sql_database, or the definition starter-postgres for development"},
		{ID: "humanitec/postgres-cloudsql-static", ResourceType: "postgres", Kind: Heavy, Instead: "humanitec/echo with the host, port, name and credentials of the database"},
		{ID: "humanitec/s3", ResourceType: "s3", Kind: Heavy, Instead: "humanitec/terraform with aws_s3_bucket, or the definition starter-s3 for development"},
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
