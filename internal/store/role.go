package store

import (
	"context"
	"fmt"

	"gorm.io/gorm/clause"

	"github.com/slipway-dev/slipway/orchestrator"
)

type roleRow struct {
	OrgID     string `gorm:"primaryKey"`
	SubjectID string `gorm:"primaryKey"`
	Object    string `gorm:"primaryKey"`
	Role      string
	Created   int64 `gorm:"column:created_at"`
}

// TableName names the table.
func (roleRow) TableName() string { return "role_bindings" }

func (r roleRow) domain() orchestrator.RoleBinding {
	return orchestrator.RoleBinding{
		OrgID: r.OrgID, SubjectID: r.SubjectID, Object: r.Object, Role: r.Role, CreatedAt: instant(r.Created),
	}
}

// PutRole sets the subject's one role on the object; the time of the first
// binding is kept.
func (s *Store) PutRole(ctx context.Context, r orchestrator.RoleBinding) error {
	row := roleRow{OrgID: r.OrgID, SubjectID: r.SubjectID, Object: r.Object, Role: r.Role, Created: nanos(r.CreatedAt)}
	err := s.writer(ctx).Clauses(clause.OnConflict{
		Columns:   []clause.Column{{Name: "org_id"}, {Name: "subject_id"}, {Name: "object"}},
		DoUpdates: clause.AssignmentColumns([]string{"role"}),
	}).Create(&row).Error
	if err != nil && classify(err) == faultForeignKey {
		return orchestrator.NotFoundf("organization %q or user %q does not exist", r.OrgID, r.SubjectID)
	}
	return s.fail(ctx, err, fmt.Sprintf("give %q a role on %s", r.SubjectID, r.Object))
}

// DeleteRole takes the subject's role on the object away.
func (s *Store) DeleteRole(ctx context.Context, org, subjectID, onObject string) error {
	where := key{"org_id": org, "subject_id": subjectID, "object": onObject}
	return s.remove(ctx, &roleRow{}, where, object{"role on " + onObject + " of user", subjectID})
}

// RolesOf lists the subject's roles in all organizations.
func (s *Store) RolesOf(ctx context.Context, subjectID string) ([]orchestrator.RoleBinding, error) {
	ctx = systemWide(ctx)
	query := s.reader(ctx).Where(key{"subject_id": subjectID}).Clauses(order("org_id", "object"))
	return list(ctx, s, query, "roles", roleRow.domain)
}

// RolesOn lists the roles on one object, by subject.
func (s *Store) RolesOn(ctx context.Context, org, onObject string) ([]orchestrator.RoleBinding, error) {
	query := s.reader(ctx).Where(key{"org_id": org, "object": onObject}).Clauses(order("subject_id"))
	return list(ctx, s, query, "roles", roleRow.domain)
}

// deleteRolesOn takes away every role on an object that is deleted, so that a
// later one of the same name starts without them.
func (s *Store) deleteRolesOn(ctx context.Context, org, onObject string) error {
	err := s.writer(ctx).Where(key{"org_id": org, "object": onObject}).Delete(&roleRow{}).Error
	return s.fail(ctx, err, "delete the roles on "+onObject)
}
