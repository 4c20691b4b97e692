package manifest

// Workload is one module of a Deployment Set, ready to be rendered: its placeholders are substituted and the update of
// its workload resource is applied (Patch).
type Workload struct {
	// ID is the module id: a DNS label. It becomes the name of the Deployment, Job and Service.
	ID string
	// Profile is the workload profile; empty means humanitec/default-module.
	Profile string
	// Spec is the module's spec, a plain JSON tree in which secrets are placeholder.Secret leaves and values that only
	// the running pod knows are the text that Downward gives.
	Spec map[string]any
	// Namespace receives every object.
	Namespace string
	// OrgID, AppID and EnvID become labels; an empty one is left out. Nothing that changes with every deployment may
	// become part of a pod template, so the id of the deployment is not asked for.
	OrgID, AppID, EnvID string
	// Injected are the manifests with location containers or volumes of the resources this workload depends on.
	Injected []Injection
	// PullSecrets are names of Secrets with registry credentials, added to those that the spec names.
	PullSecrets []string
	// ChecksumKey keys the digest of the workload's secrets in the annotation checksum/secrets, which rolls the pods when
	// a secret changes. Without a key there is no such annotation: an unkeyed digest would let a reader guess secrets.
	ChecksumKey []byte
}

// Injection is a manifest that a resource adds to the pods of a workload.
type Injection struct {
	// Location is containers or volumes (the old spellings container and volume are understood).
	Location string
	// Name is the manifest's name inside its resource; it only decides the order.
	Name string
	// Data is one Kubernetes Container or Volume, as an object or as YAML text.
	Data any
	// From names the resource for messages and decides the order, for example "volume.default#modules.api.externals.data".
	From string
	// References are the names under which the workload's spec refers to the resource, such as externals.data or
	// shared.data. volume_mounts.<path>.id holding one of them means the volume that the resource brings along
	// (semantics 3.3).
	References []string
}

const (
	locationContainers = "containers"
	locationVolumes    = "volumes"
	locationNamespace  = "namespace"
	locationCluster    = "cluster"
)

func (i Injection) location() string {
	switch i.Location {
	case "container":
		return locationContainers
	case "volume":
		return locationVolumes
	}
	return i.Location
}
