package store

import (
	"context"

	"github.com/slipway-dev/slipway/orchestrator"
)

type valueSetVersionRow struct {
	OrgID     string `gorm:"primaryKey"`
	AppID     string `gorm:"primaryKey"`
	EnvID     string `gorm:"primaryKey"`
	ID        string `gorm:"primaryKey"`
	Created   int64  `gorm:"column:created_at"`
	Updated   int64  `gorm:"column:updated_at"`
	CreatedBy string
	Comment   string
	Change    doc[[]valueChangeDoc]
	ResultOf  string
	SourceID  string
	Entries   doc[map[string]valueDoc]
	Version   int64
}

type valueChangeDoc struct {
	Op    string `json:"op"`
	Path  string `json:"path"`
	Value any    `json:"value"`
}

// valueDoc is a value as a version remembers it, times included.
type valueDoc struct {
	OrgID       string `json:"org_id"`
	AppID       string `json:"app_id"`
	EnvID       string `json:"env_id"`
	Key         string `json:"key"`
	Value       string `json:"value"`
	Description string `json:"description"`
	IsSecret    bool   `json:"is_secret"`
	SecretStore string `json:"secret_store"`
	SecretKey   string `json:"secret_key"`
	SecretVer   string `json:"secret_version"`
	Created     int64  `json:"created_at"`
	Updated     int64  `json:"updated_at"`
}

// TableName names the table.
func (valueSetVersionRow) TableName() string { return "value_set_versions" }

func valueDocs(values map[string]orchestrator.Value) doc[map[string]valueDoc] {
	if values == nil {
		return doc[map[string]valueDoc]{}
	}
	docs := make(map[string]valueDoc, len(values))
	for name, v := range values {
		docs[name] = valueDoc{
			OrgID: v.OrgID, AppID: v.AppID, EnvID: v.EnvID, Key: v.Key, Value: v.Value, Description: v.Description,
			IsSecret: v.IsSecret, SecretStore: v.SecretStore, SecretKey: v.SecretKey, SecretVer: v.SecretVer,
			Created: nanos(v.CreatedAt), Updated: nanos(v.UpdatedAt),
		}
	}
	return doc[map[string]valueDoc]{docs}
}

func (r valueSetVersionRow) domain() orchestrator.ValueSetVersion {
	v := orchestrator.ValueSetVersion{
		OrgID: r.OrgID, AppID: r.AppID, EnvID: r.EnvID, ID: r.ID,
		CreatedAt: instant(r.Created), UpdatedAt: instant(r.Updated), CreatedBy: r.CreatedBy, Comment: r.Comment,
		ResultOf: r.ResultOf, SourceID: r.SourceID, Version: r.Version,
	}
	for _, c := range r.Change.V {
		v.Change = append(v.Change, orchestrator.ValueChange(c))
	}
	if r.Entries.V != nil {
		v.Values = make(map[string]orchestrator.Value, len(r.Entries.V))
	}
	for name, d := range r.Entries.V {
		v.Values[name] = orchestrator.Value{
			OrgID: d.OrgID, AppID: d.AppID, EnvID: d.EnvID, Key: d.Key, Value: d.Value, Description: d.Description,
			IsSecret: d.IsSecret, SecretStore: d.SecretStore, SecretKey: d.SecretKey, SecretVer: d.SecretVer,
			CreatedAt: instant(d.Created), UpdatedAt: instant(d.Updated),
		}
	}
	return v
}

func valueSetVersionObject(id string) object { return object{"value set version", id} }

// CreateValueSetVersion stores a version of a level.
func (s *Store) CreateValueSetVersion(ctx context.Context, v *orchestrator.ValueSetVersion) error {
	var change []valueChangeDoc
	for _, c := range v.Change {
		change = append(change, valueChangeDoc(c))
	}
	row := valueSetVersionRow{
		OrgID: v.OrgID, AppID: v.AppID, EnvID: v.EnvID, ID: v.ID,
		Created: nanos(v.CreatedAt), Updated: nanos(v.UpdatedAt), CreatedBy: v.CreatedBy, Comment: v.Comment,
		Change: doc[[]valueChangeDoc]{change}, ResultOf: v.ResultOf, SourceID: v.SourceID,
		Entries: valueDocs(v.Values), Version: 1,
	}
	err := s.InTx(ctx, func(ctx context.Context) error {
		if err := s.holdEnvironment(ctx, orchestrator.EnvRef{OrgID: v.OrgID, AppID: v.AppID, EnvID: v.EnvID}); err != nil {
			return err
		}
		return s.insert(ctx, &row, valueSetVersionObject(v.ID), applicationObject(v.AppID))
	})
	if err != nil {
		return err
	}
	v.Version = row.Version
	return nil
}

// GetValueSetVersion reads a version of exactly that level.
func (s *Store) GetValueSetVersion(ctx context.Context, org, app, envID, id string) (*orchestrator.ValueSetVersion, error) {
	where := valueLevel(org, app, envID)
	where["id"] = id
	row, err := find[valueSetVersionRow](ctx, s, where, valueSetVersionObject(id))
	if err != nil {
		return nil, err
	}
	v := row.domain()
	return &v, nil
}

// ListValueSetVersions lists newest first; limit 0 = all.
func (s *Store) ListValueSetVersions(ctx context.Context, org, app, envID string, limit int) ([]orchestrator.ValueSetVersion, error) {
	query := s.reader(ctx).Where(valueLevel(org, app, envID)).Clauses(newestFirst)
	if limit > 0 {
		query = query.Limit(limit)
	}
	return list(ctx, s, query, "value set versions", valueSetVersionRow.domain)
}

// UpdateValueSetVersion writes Values and UpdatedAt.
func (s *Store) UpdateValueSetVersion(ctx context.Context, v *orchestrator.ValueSetVersion) error {
	where := valueLevel(v.OrgID, v.AppID, v.EnvID)
	where["id"] = v.ID
	set := columns{"entries": valueDocs(v.Values), "updated_at": nanos(v.UpdatedAt)}
	return s.update(ctx, &valueSetVersionRow{}, where, &v.Version, set, valueSetVersionObject(v.ID))
}
