package api

// Artefact is something that is built again and again: an image, or a workload.
type Artefact struct {
	ID        string `json:"id" doc:"UUID"`
	Name      string `json:"name" doc:"Name; of a container the image without tag and digest"`
	Type      string `json:"type" enum:"container,workload" doc:"Kind of Artefact"`
	CreatedAt Time   `json:"created_at" doc:"When its first version was registered"`
	CreatedBy string `json:"created_by" doc:"Id of the user who registered that"`
	UpdatedAt Time   `json:"updated_at" doc:"When a version was registered last"`
	UpdatedBy string `json:"updated_by" doc:"Id of the user who registered that"`
}

// ArtefactVersion is one build of an Artefact.
type ArtefactVersion struct {
	ID         string  `json:"id" doc:"UUID"`
	Type       string  `json:"type" enum:"container,workload" doc:"Kind of Artefact"`
	Name       string  `json:"name" doc:"Name of the Artefact"`
	ArtefactID string  `json:"artefact_id" doc:"UUID of the Artefact"`
	Version    string  `json:"version,omitempty" doc:"Version; of a container the tag of the image"`
	Digest     *string `json:"digest,omitempty" doc:"Digest of the image, may be empty; containers only"`
	Ref        string  `json:"ref" doc:"What it was built from, such as refs/heads/main; may be empty"`
	Commit     string  `json:"commit" doc:"Commit it was built from; may be empty"`
	Archived   bool    `json:"archived" doc:"Whether it is hidden from lists"`
	CreatedAt  Time    `json:"created_at" doc:"When it was registered"`
	CreatedBy  string  `json:"created_by" doc:"Id of the user who registered it"`
	UpdatedAt  Time    `json:"updated_at" doc:"When it was registered again, archived or taken back"`
	UpdatedBy  string  `json:"updated_by" doc:"Id of the user who did that"`
}

// CreateArtefactVersionRequest registers a build. The fields from spec on are
// those of workloads.
type CreateArtefactVersionRequest struct {
	Type    string `json:"type" enum:"container,workload" doc:"Kind of Artefact"`
	Name    string `json:"name" doc:"Name of the Artefact; of a container the image without tag and digest"`
	Version string `json:"version,omitempty" doc:"Version; of a container the tag of the image"`
	Digest  string `json:"digest,omitempty" doc:"Digest of the image, such as sha256:8414...; containers only"`
	Ref     string `json:"ref,omitempty" doc:"What it was built from, such as refs/heads/main"`
	Commit  string `json:"commit,omitempty" doc:"Commit it was built from"`

	Spec                map[string]any    `json:"spec,omitempty" doc:"The Score file; workloads only"`
	Image               string            `json:"image,omitempty" doc:"Image of containers that have none, or \".\""`
	Overrides           map[string]any    `json:"overrides,omitempty" doc:"Score content that is merged over the file"`
	PropertyOverrides   map[string]any    `json:"property_overrides,omitempty" doc:"Values by path; null deletes"`
	ResourceTypeAliases map[string]string `json:"resource_type_aliases,omitempty" doc:"Resource Types to replace by others"`
	Extensions          map[string]any    `json:"extensions,omitempty" doc:"What Score cannot say: apiVersion, profile, spec, deploy"`
}

// UpdateArtefactVersionRequest changes a version.
type UpdateArtefactVersionRequest struct {
	Archived *bool `json:"archived" doc:"Hide it from lists, or show it again"`
}

// Image groups the builds of an image in the older API.
type Image struct {
	ID      string       `json:"id" doc:"Id that builds were registered with; else the name of the image"`
	Source  string       `json:"source" doc:"Where it comes from: ci"`
	AddedAt Time         `json:"added_at" doc:"When its first build was registered"`
	Builds  []ImageBuild `json:"builds" doc:"Builds, oldest first"`
}

// ImageBuild is a build in the older API.
type ImageBuild struct {
	Image   string   `json:"image" doc:"The image with its tag"`
	Commit  string   `json:"commit" doc:"Commit it was built from"`
	Branch  string   `json:"branch" doc:"Branch it was built from"`
	Tags    []string `json:"tags" doc:"Tags it was built from"`
	AddedAt Time     `json:"added_at" doc:"When it was registered"`
}

// ImageBuildRequest registers a build in the older API.
type ImageBuildRequest struct {
	Image  string   `json:"image,omitempty" doc:"The image with its tag"`
	Commit string   `json:"commit,omitempty" doc:"Commit it was built from"`
	Branch string   `json:"branch,omitempty" doc:"Branch it was built from"`
	Tags   []string `json:"tags,omitempty" doc:"Tags it was built from"`
}
