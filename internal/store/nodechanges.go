package store

import (
	"context"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"github.com/slipway-dev/slipway/drivers"
	"github.com/slipway-dev/slipway/internal/runner/record"
	"github.com/slipway-dev/slipway/orchestrator"
)

type nodeChangesRow struct {
	OrgID        string `gorm:"primaryKey"`
	DeploymentID string `gorm:"primaryKey"`
	Node         string `gorm:"primaryKey"`
	RunID        string `gorm:"primaryKey"`
	At           int64
	Summary      string
	Counts       doc[map[string]int]
	Changes      doc[[]drivers.Change]
}

// TableName names the table.
func (nodeChangesRow) TableName() string { return "node_changes" }

func (r nodeChangesRow) domain() orchestrator.NodeChanges {
	return orchestrator.NodeChanges{
		OrgID: r.OrgID, DeploymentID: r.DeploymentID, Node: r.Node, RunID: r.RunID, At: instant(r.At), Summary: r.Summary,
		Counts: r.Counts.V, Changes: r.Changes.V,
	}
}

// PutChanges notes what the run is about to do for its deployment, in place of
// what it noted before, while it still has the resource, and tells those who
// follow the deployment. A run of no deployment leaves no note.
func (s *Store) PutChanges(ctx context.Context, r *record.Run, c *record.Changes) error {
	row := nodeChangesRow{
		OrgID: r.OrgID, DeploymentID: r.DeploymentID, Node: r.Node, RunID: r.ID, At: nanos(c.At), Summary: c.Summary,
		Counts: doc[map[string]int]{c.Counts}, Changes: doc[[]drivers.Change]{c.First},
	}
	err := s.InTx(ctx, func(ctx context.Context) error {
		if err := s.fencedLease(ctx, r, columns{"owner": gorm.Expr("owner")}); err != nil {
			return err
		}
		if err := s.writer(ctx).Clauses(clause.OnConflict{UpdateAll: true}).Create(&row).Error; err != nil {
			return err
		}
		return s.tellChanges(ctx, row.domain())
	})
	if err != nil && classify(err) == faultForeignKey {
		return nil
	}
	return s.fail(ctx, err, "note the changes of "+r.GUResID)
}

// tellChanges adds the event to a deployment that is not over. It keeps the
// deployment from ending meanwhile: its end is the last event.
func (s *Store) tellChanges(ctx context.Context, n orchestrator.NodeChanges) error {
	self := deploymentObject(n.DeploymentID)
	query := s.writer(ctx).Where(key{"org_id": n.OrgID, "id": n.DeploymentID}).Clauses(clause.Locking{Strength: lockNoKeyUpdate})
	row, err := take[deploymentRow](ctx, s, query, self)
	if err != nil {
		return err
	}
	if d := row.domain(); !d.Status.Terminal() {
		return s.AppendEvents(ctx, n.PlannedEvent(&d))
	}
	return nil
}

// ListNodeChanges lists what runs of drivers were about to do for a deployment, oldest first.
func (s *Store) ListNodeChanges(ctx context.Context, org, deploymentID string) ([]orchestrator.NodeChanges, error) {
	query := s.reader(ctx).Where(key{"org_id": org, "deployment_id": deploymentID}).Clauses(order("at", "node", "run_id"))
	return list(ctx, s, query, "changes of drivers", nodeChangesRow.domain)
}
