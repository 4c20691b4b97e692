package starter

// Storage says where in-cluster servers and volumes of the default class keep their data.
const (
	// StorageClaim keeps it in PersistentVolumeClaims; the cluster needs a default StorageClass.
	StorageClaim = "claim"
	// StorageEphemeral keeps it as long as the pod lives.
	StorageEphemeral = "ephemeral"
)

// Options fit the starter definitions to a server. The zero value leaves every
// file as it is written and delivers to the server's own cluster.
type Options struct {
	// GitURL, when given, delivers to this repository instead of to a cluster:
	// an https or ssh address, or a path on this machine.
	GitURL string
	// Branch of the repository; empty takes the one in the file (main).
	Branch string
	// AgeRecipients are the keys (age1...) to which Secrets in the repository are encrypted.
	AgeRecipients []string
	// Domain is the one below which hosts are made; empty means localhost.
	Domain string
	// IngressClass names the IngressClass of the cluster; empty takes its default.
	IngressClass string
	// Storage is StorageClaim or StorageEphemeral; empty takes the one in the files (claim).
	Storage string
}

func (o Options) fill(d *Definition) {
	values := d.Entity.DriverInputs.Values
	if d.Entity.Type == "k8s-cluster" && o.GitURL != "" {
		values["url"] = o.GitURL
		set(values, "branch", o.Branch)
		if len(o.AgeRecipients) > 0 {
			list := make([]any, len(o.AgeRecipients))
			for i, r := range o.AgeRecipients {
				list[i] = r
			}
			values["age_recipients"] = list
		}
	}
	if d.Entity.Type == "dns" {
		set(values, "domain", o.Domain)
	}
	if d.Entity.Type == "ingress" {
		set(values, "class", o.IngressClass)
	}
	if _, has := values["storage"]; has {
		set(values, "storage", o.Storage)
	}
}

func set(values map[string]any, key, value string) {
	if value != "" {
		values[key] = value
	}
}
