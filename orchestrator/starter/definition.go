package starter

import (
	"embed"
	"io/fs"
	"path"
	"sort"
	"strings"

	"sigs.k8s.io/yaml"
)

// Definition is a resource definition in the shape of the public manifests
// (apiVersion entity.humanitec.io/v1b1, kind Definition).
type Definition struct {
	APIVersion string   `json:"apiVersion"`
	Kind       string   `json:"kind"`
	Metadata   Metadata `json:"metadata"`
	Entity     Entity   `json:"entity"`
}

// Metadata names a definition.
type Metadata struct {
	ID string `json:"id"`
}

// Entity is what a definition says.
type Entity struct {
	Name          string               `json:"name"`
	Type          string               `json:"type"`
	DriverType    string               `json:"driver_type"`
	DriverAccount string               `json:"driver_account,omitempty"`
	DriverInputs  DriverInputs         `json:"driver_inputs"`
	Criteria      []Criteria           `json:"criteria"`
	Provision     map[string]Provision `json:"provision,omitempty"`
}

// DriverInputs are the inputs with their placeholders.
type DriverInputs struct {
	Values     map[string]any `json:"values,omitempty"`
	SecretRefs map[string]any `json:"secret_refs,omitempty"`
}

// Criteria is one matching criterion; an empty class means "default".
type Criteria struct {
	EnvType string `json:"env_type,omitempty"`
	AppID   string `json:"app_id,omitempty"`
	EnvID   string `json:"env_id,omitempty"`
	ResID   string `json:"res_id,omitempty"`
	Class   string `json:"class,omitempty"`
}

// Provision is one co-provisioned resource.
type Provision struct {
	IsDependent     bool           `json:"is_dependent"`
	MatchDependents bool           `json:"match_dependents"`
	Params          map[string]any `json:"params,omitempty"`
}

//go:embed definitions/*.yaml
var files embed.FS

const folder = "definitions"

// The two files that answer k8s-cluster: exactly one of them is used.
const (
	clusterFile    = "k8s-cluster.yaml"
	clusterGitFile = "k8s-cluster-git.yaml"
)

// Definitions returns the starter definitions, sorted by id, with the options
// filled in. Every call gives fresh copies.
func Definitions(opts Options) []Definition {
	var out []Definition
	for name, text := range Files() {
		if (opts.GitURL == "" && name == clusterGitFile) || (opts.GitURL != "" && name == clusterFile) {
			continue
		}
		var d Definition
		if err := yaml.UnmarshalStrict([]byte(text), &d); err != nil {
			continue // the tests decode every file; this cannot happen in a release
		}
		opts.fill(&d)
		out = append(out, d)
	}
	sort.Slice(out, func(i, j int) bool { return out[i].Metadata.ID < out[j].Metadata.ID })
	return out
}

// Files returns the manifests as they are written, by file name, for a user who
// wants copies to start from.
func Files() map[string]string {
	out := map[string]string{}
	names, err := fs.ReadDir(files, folder)
	if err != nil {
		return out
	}
	for _, entry := range names {
		if !strings.HasSuffix(entry.Name(), ".yaml") {
			continue
		}
		text, err := files.ReadFile(path.Join(folder, entry.Name()))
		if err != nil {
			continue
		}
		out[entry.Name()] = string(text)
	}
	return out
}
