package orchestrator

import (
	"strings"
	"time"

	"github.com/slipway-dev/slipway/engine/pipeline"
)

// Pipeline is a pipeline of an application, as its current version says.
type Pipeline struct {
	OrgID        string
	AppID        string
	ID           string
	Name         string
	Status       string // active
	VersionID    string
	TriggerTypes []string
	Metadata     map[string]string // nil = none
	CreatedAt    time.Time
	CreatedBy    string
	UpdatedAt    time.Time
	Version      int64 // of the row
}

// ETag changes with every change of the pipeline, and is never that of another pipeline.
func (p Pipeline) ETag() string {
	tag := strings.ReplaceAll(p.VersionID, "-", "")
	return tag[:min(len(tag), 16)]
}

// PipelineVersion is one state of a pipeline's document. Versions never change.
type PipelineVersion struct {
	OrgID        string
	AppID        string
	PipelineID   string
	ID           string
	Name         string
	Definition   string // the text as it was given
	TriggerTypes []string
	Metadata     map[string]string
	CreatedAt    time.Time
	CreatedBy    string
}

// PipelineCriteria choose the pipeline of deployment requests. Fields that are empty were not given and match everything.
type PipelineCriteria struct {
	OrgID          string
	AppID          string
	ID             string
	PipelineID     string
	Trigger        string
	OnlyAppID      string // app_id as it was given
	EnvType        string
	EnvID          string
	DeploymentType string
	CreatedAt      time.Time
	CreatedBy      string
}

// Match is what the engine compares.
func (c PipelineCriteria) Match() pipeline.Criteria {
	return pipeline.Criteria{
		ID: c.ID, PipelineID: c.PipelineID, AppID: c.OnlyAppID, EnvType: c.EnvType, EnvID: c.EnvID, DeploymentType: c.DeploymentType,
	}
}

// MatchKey is the same for criteria of one application that conflict with each other.
func (c PipelineCriteria) MatchKey() string { return c.Trigger + "|" + c.Match().Key() }

// newVersion makes the pipeline say what a document says, and returns the
// version to store.
func (p *Pipeline) newVersion(document *pipeline.Document, definition string, at time.Time, by string) *PipelineVersion {
	p.Name, p.VersionID, p.UpdatedAt = document.Name, newUUID(), at
	p.TriggerTypes, p.Metadata = document.On.Types(), document.Metadata
	return &PipelineVersion{
		OrgID: p.OrgID, AppID: p.AppID, PipelineID: p.ID, ID: p.VersionID, Name: p.Name, Definition: definition,
		TriggerTypes: p.TriggerTypes, Metadata: p.Metadata, CreatedAt: at, CreatedBy: by,
	}
}
