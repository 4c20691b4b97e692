package api

import (
	"encoding/json"
	"fmt"

	"github.com/slipway-dev/slipway/engine/deployset"
)

// Delta is a stored Deployment Delta.
type Delta struct {
	ID        string             `json:"id" doc:"Id: 40 hex digits"`
	Metadata  DeltaMetadata      `json:"metadata" doc:"What is known about the delta"`
	Modules   deployset.Changes  `json:"modules" doc:"Changes of modules"`
	Shared    []deployset.Op     `json:"shared" doc:"Changes of shared resources"`
	Workloads *deployset.Changes `json:"workloads,omitempty" doc:"Changes of verbatim Score workloads"`
}

// DeltaMetadata is what is known about a delta. One of its JSON names is
// misspelled in the published API.
type DeltaMetadata struct {
	EnvID          string   `json:"env_id,omitempty" doc:"Environment it is meant for"`
	Name           string   `json:"name,omitempty" doc:"Display name"`
	Shared         bool     `json:"shared" doc:"Whether it is shared"`
	Archived       bool     `json:"archived" doc:"Archived deltas can be read but not changed"`
	Contributors   []string `json:"contributers" doc:"Users other than the creator who changed it"` //nolint:misspell // as published
	CreatedBy      string   `json:"created_by" doc:"Id of the user who created it"`
	CreatedAt      Time     `json:"created_at" doc:"When it was created"`
	LastModifiedAt Time     `json:"last_modified_at" doc:"When it last changed"`
}

// PlainDelta is a delta without id and metadata, as the comparison of two sets
// answers it. It can be posted as a new delta unchanged.
type PlainDelta = deployset.Delta

// DeltaRequest is a delta as clients send it; id and everything of the
// metadata but env_id and name are ignored.
type DeltaRequest struct {
	// Metadata is nil when the request has none: a new delta is then answered
	// by its id alone.
	Metadata *DeltaMetadataRequest `json:"metadata,omitempty" doc:"With metadata the answer is the whole delta, without it only the id"`
	Content  deployset.Delta       `json:",inline"`
}

// DeltaMetadataRequest is what a client may say about a new delta.
type DeltaMetadataRequest struct {
	EnvID string `json:"env_id,omitempty" doc:"Environment it is meant for"`
	Name  string `json:"name,omitempty" doc:"Display name"`
}

// UnmarshalJSON reads {metadata, modules, shared, workloads}.
func (d *DeltaRequest) UnmarshalJSON(raw []byte) error {
	var head struct {
		Metadata *DeltaMetadataRequest `json:"metadata"`
	}
	if err := json.Unmarshal(raw, &head); err != nil {
		return fmt.Errorf("reading the delta: %w", err)
	}
	content, err := deployset.ParseDelta(raw)
	if err != nil {
		return err
	}
	d.Metadata, d.Content = head.Metadata, content
	return nil
}

// MarshalJSON writes {metadata, modules, shared, workloads}.
func (d DeltaRequest) MarshalJSON() ([]byte, error) {
	return json.Marshal(struct {
		Metadata  *DeltaMetadataRequest `json:"metadata,omitempty"`
		Modules   deployset.Changes     `json:"modules"`
		Shared    []deployset.Op        `json:"shared"`
		Workloads *deployset.Changes    `json:"workloads,omitempty"`
	}{d.Metadata, d.Content.Modules, d.Content.Shared, d.Content.Workloads})
}

// CreatedDelta is the answer to a new delta: the bare id as a JSON string, or
// the whole delta when the request had metadata.
type CreatedDelta struct {
	ID    string
	Delta *Delta // nil when only the id was answered
}

// UnmarshalJSON reads either form.
func (c *CreatedDelta) UnmarshalJSON(raw []byte) error {
	if len(raw) > 0 && raw[0] == '"' {
		return json.Unmarshal(raw, &c.ID)
	}
	c.Delta = &Delta{}
	if err := json.Unmarshal(raw, c.Delta); err != nil {
		return err
	}
	c.ID = c.Delta.ID
	return nil
}

// MarshalJSON writes the form that the request asked for.
func (c CreatedDelta) MarshalJSON() ([]byte, error) {
	if c.Delta != nil {
		return json.Marshal(c.Delta)
	}
	return json.Marshal(c.ID)
}
