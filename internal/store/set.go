package store

import (
	"context"
	"time"

	"github.com/slipway-dev/slipway/engine/deployset"
	"github.com/slipway-dev/slipway/orchestrator"

	"gorm.io/gorm/clause"
)

// setRow holds a Deployment Set's content once per application: what belongs
// to an application goes with it.
type setRow struct {
	OrgID   string `gorm:"primaryKey"`
	AppID   string `gorm:"primaryKey"`
	ID      string `gorm:"primaryKey"`
	Content doc[deployset.Set]
	Created int64 `gorm:"column:created_at"`
}

// TableName names the table.
func (setRow) TableName() string { return "deployment_sets" }

// PutSet stores the content once per application and returns its id. The empty
// set is part of every application and is not stored.
func (s *Store) PutSet(ctx context.Context, org, app string, set deployset.Set) (string, error) {
	id := set.ID()
	if id == "" {
		return "", orchestrator.Invalidf("the Deployment Set holds something that JSON cannot express")
	}
	if deployset.IsZeroID(id) {
		_, err := s.GetApplication(ctx, org, app)
		return id, err
	}
	row := setRow{OrgID: org, AppID: app, ID: id, Content: doc[deployset.Set]{set}, Created: nanos(time.Now())}
	err := s.writer(ctx).Clauses(clause.OnConflict{DoNothing: true}).Create(&row).Error
	if err != nil && classify(err) == faultForeignKey {
		return "", applicationObject(app).missing()
	}
	return id, s.fail(ctx, err, "store a Deployment Set")
}

// GetSet finds a set of the application. Any zero id is the empty set.
func (s *Store) GetSet(ctx context.Context, org, app, id string) (deployset.Set, error) {
	if deployset.IsZeroID(id) {
		return deployset.Set{}, nil
	}
	row, err := find[setRow](ctx, s, key{"org_id": org, "app_id": app, "id": id}, object{"Deployment Set", id})
	if err != nil {
		return deployset.Set{}, err
	}
	return row.Content.V, nil
}

// ListSets lists the application's sets, newest first.
func (s *Store) ListSets(ctx context.Context, org, app string) ([]deployset.Set, error) {
	query := s.reader(ctx).Where(key{"org_id": org, "app_id": app}).Clauses(newestFirst)
	return list(ctx, s, query, "Deployment Sets", func(r setRow) deployset.Set { return r.Content.V })
}
