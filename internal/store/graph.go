package store

import (
	"context"

	"gorm.io/gorm/clause"

	"github.com/slipway-dev/slipway/orchestrator"
)

type graphRow struct {
	OrgID   string `gorm:"primaryKey"`
	AppID   string `gorm:"primaryKey"`
	EnvID   string `gorm:"primaryKey"`
	ID      string `gorm:"primaryKey"`
	Hash    string
	Nodes   doc[[]orchestrator.GraphNode]
	Created int64 `gorm:"column:created_at"`
	UsedAt  int64
}

// TableName names the table.
func (graphRow) TableName() string { return "graphs" }

func (r graphRow) domain() orchestrator.GraphRecord {
	return orchestrator.GraphRecord{
		OrgID: r.OrgID, AppID: r.AppID, EnvID: r.EnvID, ID: r.ID, Hash: r.Hash, Nodes: r.Nodes.V,
		CreatedAt: instant(r.Created), UsedAt: instant(r.UsedAt),
	}
}

// PutGraph stores a graph, or refreshes used_at of an equal one (same
// environment and hash), and returns its id.
func (s *Store) PutGraph(ctx context.Context, g *orchestrator.GraphRecord) (string, error) {
	row := graphRow{
		OrgID: g.OrgID, AppID: g.AppID, EnvID: g.EnvID, ID: g.ID, Hash: g.Hash,
		Nodes: doc[[]orchestrator.GraphNode]{g.Nodes}, Created: nanos(g.CreatedAt), UsedAt: nanos(g.UsedAt),
	}
	err := s.writer(ctx).Clauses(
		clause.OnConflict{
			Columns:   []clause.Column{{Name: "org_id"}, {Name: "app_id"}, {Name: "env_id"}, {Name: "hash"}},
			DoUpdates: clause.AssignmentColumns([]string{"used_at"}),
		},
		clause.Returning{Columns: []clause.Column{{Name: "id"}}},
	).Create(&row).Error
	if err != nil && classify(err) == faultForeignKey {
		return "", environmentObject(g.EnvID).missing()
	}
	if err != nil {
		return "", s.fail(ctx, err, "store a resource graph")
	}
	return row.ID, nil
}

// GetGraph reads a graph of the environment.
func (s *Store) GetGraph(ctx context.Context, ref orchestrator.EnvRef, id string) (*orchestrator.GraphRecord, error) {
	where := inEnvironment(ref)
	where["id"] = id
	row, err := find[graphRow](ctx, s, where, object{"resource graph", id})
	if err != nil {
		return nil, err
	}
	g := row.domain()
	return &g, nil
}
