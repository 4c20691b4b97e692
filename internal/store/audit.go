package store

import (
	"context"
	"time"

	"gorm.io/gorm"

	"github.com/slipway-dev/slipway/orchestrator"
)

type auditRow struct {
	Seq         int64 `gorm:"primaryKey;autoIncrement"`
	OrgID       string
	At          int64
	UserID      string
	Action      string
	ObjectType  string
	Object      string
	Method      string
	Path        string
	Status      int
	IP          string `gorm:"column:ip"`
	UserAgent   string
	RequestID   string
	StateBefore doc[map[string]any]
	StateAfter  doc[map[string]any]
}

// TableName names the table.
func (auditRow) TableName() string { return "audit_entries" }

func (r auditRow) domain() orchestrator.AuditEntry {
	return orchestrator.AuditEntry{
		Seq: r.Seq, OrgID: r.OrgID, At: instant(r.At), UserID: r.UserID, Action: r.Action, ObjectType: r.ObjectType, Object: r.Object,
		Origin: orchestrator.Origin{
			Method: r.Method, Path: r.Path, Status: r.Status, IP: r.IP, UserAgent: r.UserAgent, RequestID: r.RequestID,
		},
		Before: r.StateBefore.V, After: r.StateAfter.V,
	}
}

// AppendAudit stores an entry and fills its Seq.
func (s *Store) AppendAudit(ctx context.Context, e *orchestrator.AuditEntry) error {
	row := auditRow{
		OrgID: e.OrgID, At: nanos(e.At), UserID: e.UserID, Action: e.Action, ObjectType: e.ObjectType, Object: e.Object,
		Method: e.Origin.Method, Path: e.Origin.Path, Status: e.Origin.Status, IP: e.Origin.IP,
		UserAgent: e.Origin.UserAgent, RequestID: e.Origin.RequestID,
		StateBefore: doc[map[string]any]{e.Before}, StateAfter: doc[map[string]any]{e.After},
	}
	err := s.writer(ctx).Create(&row).Error
	if err != nil && classify(err) == faultForeignKey {
		return organizationObject(e.OrgID).missing()
	}
	if err != nil {
		return s.fail(ctx, err, "store an entry of the audit log")
	}
	e.Seq = row.Seq
	return nil
}

// ListAudit lists newest first, at most limit.
func (s *Store) ListAudit(ctx context.Context, org string, f orchestrator.AuditFilter, limit int) ([]orchestrator.AuditEntry, error) {
	query := auditFilter(s.reader(ctx).Where(key{"org_id": org}), f)
	return list(ctx, s, query.Clauses(descending("seq")).Limit(limit), "the audit log", auditRow.domain)
}

func auditFilter(query *gorm.DB, f orchestrator.AuditFilter) *gorm.DB {
	for column, value := range map[string]string{"user_id": f.UserID, "object_type": f.ObjectType, "action": f.Action} {
		if value != "" {
			query = query.Where(key{column: value})
		}
	}
	if f.Object != "" {
		// The object, and what is inside it: 0 follows /. Ranges use the index.
		query = query.Where("(object = ? OR (object >= ? AND object < ?))", f.Object, f.Object+"/", f.Object+"0")
	}
	if f.From != nil {
		query = query.Where("at >= ?", nanos(*f.From))
	}
	if f.To != nil {
		query = query.Where("at <= ?", nanos(*f.To))
	}
	if f.Before > 0 {
		query = query.Where("seq < ?", f.Before)
	}
	return query
}

// PruneAudit deletes entries of all organizations from before then, at most
// limit, and returns how many.
func (s *Store) PruneAudit(ctx context.Context, before time.Time, limit int) (int, error) {
	ctx = systemWide(ctx)
	var seqs []int64
	err := s.reader(ctx).Model(&auditRow{}).Where("at < ?", nanos(before)).Clauses(order("at")).Limit(limit).Pluck("seq", &seqs).Error
	if err != nil || len(seqs) == 0 {
		return 0, s.fail(ctx, err, "look for old entries of the audit log")
	}
	res := s.writer(ctx).Where(key{"seq": seqs}).Delete(&auditRow{})
	return int(res.RowsAffected), s.fail(ctx, res.Error, "delete old entries of the audit log")
}
