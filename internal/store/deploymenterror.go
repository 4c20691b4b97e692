package store

import (
	"context"

	"github.com/slipway-dev/slipway/orchestrator"
)

type deploymentErrorRow struct {
	OrgID        string `gorm:"primaryKey"`
	DeploymentID string `gorm:"primaryKey"`
	Position     int    `gorm:"primaryKey"`
	Scope        string
	Code         string
	ErrorType    string
	ObjectID     string
	Summary      string
	Message      string
}

// TableName names the table.
func (deploymentErrorRow) TableName() string { return "deployment_errors" }

func (r deploymentErrorRow) domain() orchestrator.DeploymentError {
	return orchestrator.DeploymentError{
		Scope: r.Scope, Code: r.Code, ErrorType: r.ErrorType, ObjectID: r.ObjectID, Summary: r.Summary, Message: r.Message,
	}
}

// SetDeploymentErrors replaces the errors of a deployment.
func (s *Store) SetDeploymentErrors(ctx context.Context, org, id string, errs []orchestrator.DeploymentError) error {
	rows := make([]deploymentErrorRow, 0, len(errs))
	for i, e := range errs {
		rows = append(rows, deploymentErrorRow{
			OrgID: org, DeploymentID: id, Position: i, Scope: e.Scope, Code: e.Code, ErrorType: e.ErrorType,
			ObjectID: e.ObjectID, Summary: e.Summary, Message: e.Message,
		})
	}
	return s.InTx(ctx, func(ctx context.Context) error {
		if err := s.lockDeployment(ctx, org, id); err != nil {
			return err
		}
		doing := "store the errors of " + deploymentObject(id).String()
		err := s.writer(ctx).Where(key{"org_id": org, "deployment_id": id}).Delete(&deploymentErrorRow{}).Error
		if err != nil || len(rows) == 0 {
			return s.fail(ctx, err, doing)
		}
		return s.fail(ctx, s.writer(ctx).CreateInBatches(&rows, batch).Error, doing)
	})
}

// ListDeploymentErrors lists them in the order in which they were set.
func (s *Store) ListDeploymentErrors(ctx context.Context, org, id string) ([]orchestrator.DeploymentError, error) {
	query := s.reader(ctx).Where(key{"org_id": org, "deployment_id": id}).Clauses(order("position"))
	return list(ctx, s, query, "deployment errors", deploymentErrorRow.domain)
}
