package drivers

import "fmt"

// Locations of a manifest, in the plural spelling of the current public API.
const (
	// LocationNamespace is an object in the environment's namespace.
	LocationNamespace = "namespace"
	// LocationCluster is a cluster-scoped object, or one that names its own namespace.
	LocationCluster = "cluster"
	// LocationContainers is a container added to the pods of dependent workloads.
	LocationContainers = "containers"
	// LocationVolumes is a volume added to the pods of dependent workloads.
	LocationVolumes = "volumes"
)

// Manifest is one object that a resource wants delivered with the workloads.
type Manifest struct {
	// Location is one of the Location constants.
	Location string `json:"location"`
	// Data is the Kubernetes object, container or volume as a plain tree.
	Data any `json:"data"`
}

// Result is what Provision made of a resource.
type Result struct {
	// Values and Secrets are the outputs; secrets are stored apart and shown to nobody.
	Values, Secrets map[string]any
	Manifests       []Manifest
	// Cookie replaces the stored one; empty clears it. It may hold secrets.
	Cookie string
}

// NormaliseLocation maps the older singular spellings (container, volume) to
// the current ones and refuses anything else.
func NormaliseLocation(s string) (string, error) {
	switch s {
	case LocationNamespace, LocationCluster, LocationContainers, LocationVolumes:
		return s, nil
	case "container":
		return LocationContainers, nil
	case "volume":
		return LocationVolumes, nil
	case "":
		return "", fmt.Errorf("a manifest needs a location: namespace, cluster, containers or volumes")
	}
	return "", fmt.Errorf("manifest location %q is not known; use namespace, cluster, containers or volumes", s)
}
