package orchestrator

import (
	"strings"
	"time"
)

// Kinds of artefacts.
const (
	ArtefactContainer = "container" // an image in a registry
	ArtefactWorkload  = "workload"  // a Score file
)

// Artefact is something that is built again and again: an image, or a workload.
type Artefact struct {
	OrgID     string
	ID        string // UUID
	Name      string // of a container: the image without tag and digest
	Type      string // container | workload
	CreatedAt time.Time
	CreatedBy string
	UpdatedAt time.Time
	UpdatedBy string
}

// ArtefactVersion is one build of an artefact.
type ArtefactVersion struct {
	OrgID      string
	ID         string // UUID
	ArtefactID string
	Name       string // of the artefact
	Type       string // container | workload
	Tag        string // the version; of a container the tag of the image
	Digest     string // of a container; "" = unknown
	Ref        string // what it was built from: refs/heads/main, refs/tags/v1
	Commit     string
	Archived   bool

	// ImageID groups builds in the older API for images: the id that the build was
	// registered with there, else the artefact's name.
	ImageID string
	Branch  string   // as the older API was told
	Tags    []string // as the older API was told

	Source *WorkloadSource  // of a workload: what was registered
	Set    *WorkloadContent // of a workload: what it became

	// Fingerprint is equal for equal registrations of one artefact.
	Fingerprint string
	CreatedAt   time.Time
	CreatedBy   string
	UpdatedAt   time.Time
	UpdatedBy   string
	Version     int64
}

// WorkloadSource is a Score file with what its conversion was told.
type WorkloadSource struct {
	Spec              map[string]any    `json:"spec"`
	Image             string            `json:"image,omitempty"`
	Overrides         map[string]any    `json:"overrides,omitempty"`
	PropertyOverrides map[string]any    `json:"property_overrides,omitempty"`
	TypeAliases       map[string]string `json:"resource_type_aliases,omitempty"`
	Extensions        map[string]any    `json:"extensions,omitempty"`
}

// WorkloadContent is what a Score file adds to a Deployment Set.
type WorkloadContent struct {
	Modules map[string]map[string]any `json:"modules"`
	Shared  map[string]any            `json:"shared"`
}

// Image is the reference to pull of a container: NAME[:TAG][@DIGEST]; "" when
// neither tag nor digest says which one.
func (v ArtefactVersion) Image() string {
	if v.Type != ArtefactContainer || v.Tag == "" && v.Digest == "" {
		return ""
	}
	image := v.Name
	if v.Tag != "" {
		image += ":" + v.Tag
	}
	if v.Digest != "" {
		image += "@" + v.Digest
	}
	return image
}

// refs lists everything that the version was built from, as git names it.
func (v ArtefactVersion) refs() []string {
	var out []string
	add := func(ref string) {
		for _, known := range out {
			if known == ref {
				return
			}
		}
		out = append(out, ref)
	}
	if v.Ref != "" {
		add(v.Ref)
	}
	if v.Branch != "" {
		add(branchPrefix + v.Branch)
	}
	for _, tag := range v.Tags {
		add(tagPrefix + tag)
	}
	return out
}

// Prefixes of git's references.
const (
	branchPrefix = "refs/heads/"
	tagPrefix    = "refs/tags/"
)

// splitImage takes NAME[:TAG][@DIGEST] apart. A colon before the last slash
// belongs to the port of a registry.
func splitImage(image string) (name, tag, digest string) {
	name, digest, _ = strings.Cut(image, "@")
	if at := strings.LastIndexByte(name, ':'); at > strings.LastIndexByte(name, '/') {
		name, tag = name[:at], name[at+1:]
	}
	return name, tag, digest
}

// ArtefactVersionFilter narrows a list of versions; empty fields narrow nothing.
type ArtefactVersionFilter struct {
	ArtefactID string
	Name       string
	Type       string
	Tag        string
	Digest     string
	ImageID    string
	Archived   bool // archived ones, too
	Limit      int  // 0 = all
}
