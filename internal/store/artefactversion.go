package store

import (
	"context"

	"github.com/slipway-dev/slipway/orchestrator"
)

type artefactVersionRow struct {
	OrgID       string `gorm:"primaryKey"`
	ID          string `gorm:"primaryKey"`
	ArtefactID  string
	Name        string
	Type        string
	Tag         string
	Digest      string
	Ref         string
	CommitID    string
	Archived    bool
	ImageID     string
	Branch      string
	Tags        doc[[]string]
	Source      doc[*orchestrator.WorkloadSource]
	Content     doc[*orchestrator.WorkloadContent]
	Fingerprint string
	Created     int64 `gorm:"column:created_at"`
	CreatedBy   string
	Updated     int64 `gorm:"column:updated_at"`
	UpdatedBy   string
	Version     int64
}

// TableName names the table.
func (artefactVersionRow) TableName() string { return "artefact_versions" }

// listedVersion are the columns of lists: all but the documents, which may be large.
var listedVersion = []string{
	"org_id", "id", "artefact_id", "name", "type", "tag", "digest", "ref", "commit_id", "archived", "image_id", "branch", "tags",
	"fingerprint", "created_at", "created_by", "updated_at", "updated_by", "version",
}

func (r artefactVersionRow) domain() orchestrator.ArtefactVersion {
	return orchestrator.ArtefactVersion{
		OrgID: r.OrgID, ID: r.ID, ArtefactID: r.ArtefactID, Name: r.Name, Type: r.Type, Tag: r.Tag, Digest: r.Digest,
		Ref: r.Ref, Commit: r.CommitID, Archived: r.Archived, ImageID: r.ImageID, Branch: r.Branch, Tags: r.Tags.V,
		Source: r.Source.V, Set: r.Content.V, Fingerprint: r.Fingerprint,
		CreatedAt: instant(r.Created), CreatedBy: r.CreatedBy, UpdatedAt: instant(r.Updated), UpdatedBy: r.UpdatedBy,
		Version: r.Version,
	}
}

func artefactVersionObject(id string) object { return object{"artefact version", id} }

// CreateArtefactVersion stores a version; an equal one is a conflict.
func (s *Store) CreateArtefactVersion(ctx context.Context, v *orchestrator.ArtefactVersion) error {
	row := artefactVersionRow{
		OrgID: v.OrgID, ID: v.ID, ArtefactID: v.ArtefactID, Name: v.Name, Type: v.Type, Tag: v.Tag, Digest: v.Digest,
		Ref: v.Ref, CommitID: v.Commit, Archived: v.Archived, ImageID: v.ImageID, Branch: v.Branch, Tags: doc[[]string]{v.Tags},
		Source: doc[*orchestrator.WorkloadSource]{v.Source}, Content: doc[*orchestrator.WorkloadContent]{v.Set}, Fingerprint: v.Fingerprint,
		Created: nanos(v.CreatedAt), CreatedBy: v.CreatedBy, Updated: nanos(v.UpdatedAt), UpdatedBy: v.UpdatedBy, Version: 1,
	}
	if err := s.insert(ctx, &row, artefactVersionObject(v.ID), artefactObject(v.ArtefactID)); err != nil {
		return err
	}
	v.Version = row.Version
	return nil
}

// GetArtefactVersion reads a version.
func (s *Store) GetArtefactVersion(ctx context.Context, org, id string) (*orchestrator.ArtefactVersion, error) {
	return s.oneArtefactVersion(ctx, key{"org_id": org, "id": id}, id)
}

// FindArtefactVersion reads the version of an artefact that was registered with
// the same content.
func (s *Store) FindArtefactVersion(ctx context.Context, org, artefactID, fingerprint string) (*orchestrator.ArtefactVersion, error) {
	return s.oneArtefactVersion(ctx, key{"org_id": org, "artefact_id": artefactID, "fingerprint": fingerprint}, fingerprint)
}

func (s *Store) oneArtefactVersion(ctx context.Context, where key, name string) (*orchestrator.ArtefactVersion, error) {
	row, err := find[artefactVersionRow](ctx, s, where, artefactVersionObject(name))
	if err != nil {
		return nil, err
	}
	v := row.domain()
	return &v, nil
}

// ListArtefactVersions lists newest first, without the documents.
func (s *Store) ListArtefactVersions(ctx context.Context, org string, f orchestrator.ArtefactVersionFilter) ([]orchestrator.ArtefactVersion, error) {
	where := key{"org_id": org}
	for column, value := range map[string]string{
		"artefact_id": f.ArtefactID, "name": f.Name, "type": f.Type, "tag": f.Tag, "digest": f.Digest, "image_id": f.ImageID,
	} {
		if value != "" {
			where[column] = value
		}
	}
	if !f.Archived {
		where["archived"] = false
	}
	query := s.reader(ctx).Select(listedVersion).Where(where).Clauses(newestFirst)
	if f.Limit > 0 {
		query = query.Limit(f.Limit)
	}
	return list(ctx, s, query, "artefact versions", artefactVersionRow.domain)
}

// UpdateArtefactVersion writes whether it is archived, what it became, and who
// updated it when.
func (s *Store) UpdateArtefactVersion(ctx context.Context, v *orchestrator.ArtefactVersion) error {
	set := columns{
		"archived": v.Archived, "content": doc[*orchestrator.WorkloadContent]{v.Set},
		"updated_at": nanos(v.UpdatedAt), "updated_by": v.UpdatedBy,
	}
	return s.update(ctx, &artefactVersionRow{}, key{"org_id": v.OrgID, "id": v.ID}, &v.Version, set, artefactVersionObject(v.ID))
}
