package store

import (
	"context"
	"fmt"

	"github.com/slipway-dev/slipway/engine/resource"
	"github.com/slipway-dev/slipway/orchestrator"
)

// criteriaRow repeats what the uniqueness of criteria needs of the definition:
// its type, and whether its criteria must differ from those of others.
type criteriaRow struct {
	OrgID        string `gorm:"primaryKey"`
	DefID        string `gorm:"primaryKey"`
	ID           string `gorm:"primaryKey"`
	Position     int
	ResType      string
	Class        string
	EnvType      string
	AppID        string
	EnvID        string
	ResID        string
	DistinctOnly bool
}

// TableName names the table.
func (criteriaRow) TableName() string { return "criteria" }

func (r criteriaRow) domain() resource.Criteria {
	return resource.Criteria{ID: r.ID, AppID: r.AppID, EnvID: r.EnvID, EnvType: r.EnvType, ResID: r.ResID, Class: r.Class}
}

// same is what makes two criteria equal.
func (r criteriaRow) same() key {
	return key{
		"org_id": r.OrgID, "res_type": r.ResType, "class": r.Class, "env_type": r.EnvType,
		"app_id": r.AppID, "env_id": r.EnvID, "res_id": r.ResID,
	}
}

// PutCriteria replaces all criteria of a definition. An empty class is stored
// as "default".
func (s *Store) PutCriteria(ctx context.Context, org, defID string, criteria []resource.Criteria) error {
	return s.InTx(ctx, func(ctx context.Context) error {
		where := key{"org_id": org, "id": defID}
		if err := s.hold(ctx, &definitionRow{}, where, lockNoKeyUpdate, definitionObject(defID)); err != nil {
			return err
		}
		definition, err := find[definitionRow](ctx, s, where, definitionObject(defID))
		if err != nil {
			return err
		}
		err = s.writer(ctx).Where(key{"org_id": org, "def_id": defID}).Delete(&criteriaRow{}).Error
		if err != nil {
			return s.fail(ctx, err, "replace the matching criteria of "+definitionObject(defID).String())
		}
		return s.insertCriteria(ctx, *definition, criteria)
	})
}

func (s *Store) insertCriteria(ctx context.Context, of definitionRow, criteria []resource.Criteria) error {
	rows := make([]criteriaRow, 0, len(criteria))
	ids := map[string]bool{}
	for i, c := range criteria {
		if c.ID == "" || ids[c.ID] {
			return orchestrator.Invalidf("matching criterion %d of %s has no id of its own", i+1, definitionObject(of.ID))
		}
		ids[c.ID] = true
		row := criteriaRow{
			OrgID: of.OrgID, DefID: of.ID, ID: c.ID, Position: i, ResType: of.Type, Class: c.Class,
			EnvType: c.EnvType, AppID: c.AppID, EnvID: c.EnvID, ResID: c.ResID, DistinctOnly: of.distinct(),
		}
		if row.Class == "" {
			row.Class = resource.DefaultClass
		}
		rows = append(rows, row)
	}
	if err := s.refuseEqual(ctx, rows); err != nil || len(rows) == 0 {
		return err
	}
	return s.storeCriteria(ctx, of, func() error { return s.writer(ctx).CreateInBatches(&rows, batch).Error })
}

// adaptCriteria brings what criteria repeat of their definition up to date.
func (s *Store) adaptCriteria(ctx context.Context, of definitionRow) error {
	mine := key{"org_id": of.OrgID, "def_id": of.ID}
	rows, err := list(ctx, s, s.reader(ctx).Where(mine).Clauses(order("position")), "matching criteria",
		func(r criteriaRow) criteriaRow {
			r.ResType, r.DistinctOnly = of.Type, of.distinct()
			return r
		})
	if err != nil || len(rows) == 0 {
		return err
	}
	if err := s.refuseEqual(ctx, rows); err != nil {
		return err
	}
	set := columns{"res_type": of.Type, "distinct_only": of.distinct()}
	return s.storeCriteria(ctx, of, func() error {
		return s.writer(ctx).Model(&criteriaRow{}).Where(mine).UpdateColumns(set).Error
	})
}

// storeCriteria runs a statement that the unique index may still refuse, when
// another transaction stores an equal criterion at the same moment.
func (s *Store) storeCriteria(ctx context.Context, of definitionRow, statement func() error) error {
	err := statement()
	if err != nil && classify(err) == faultUnique {
		return orchestrator.Wrapf(orchestrator.CodeConflict, err,
			"%s: another definition of type %q has an equal matching criterion", definitionObject(of.ID), of.Type)
	}
	return s.fail(ctx, err, "store the matching criteria of "+definitionObject(of.ID).String())
}

// refuseEqual answers CodeConflict when one of the criteria, all of one
// definition, equals another of them or one of another definition.
func (s *Store) refuseEqual(ctx context.Context, rows []criteriaRow) error {
	seen := map[string]bool{}
	for _, r := range rows {
		if !r.DistinctOnly {
			continue
		}
		name := fmt.Sprintf("%q", []string{r.Class, r.EnvType, r.AppID, r.EnvID, r.ResID})
		if seen[name] {
			return orchestrator.Conflictf("%s has the matching criterion (%s) twice", definitionObject(r.DefID), r.domain())
		}
		seen[name] = true
		var others []string
		err := s.reader(ctx).Model(&criteriaRow{}).Where(r.same()).Where(key{"distinct_only": true}).
			Where("def_id <> ?", r.DefID).Limit(1).Pluck("def_id", &others).Error
		if err != nil {
			return s.fail(ctx, err, "compare matching criteria")
		}
		if len(others) > 0 {
			return orchestrator.Conflictf("%s: the matching criterion (%s) exists on %s of the same type %q already; remove it there or choose another",
				definitionObject(r.DefID), r.domain(), definitionObject(others[0]), r.ResType)
		}
	}
	return nil
}
