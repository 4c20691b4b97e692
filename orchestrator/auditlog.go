package orchestrator

import (
	"context"
	"time"
)

// maxAuditWindow is how much time one page of the audit log covers at most.
//
// Source: listAuditLogEntries of the published API.
const maxAuditWindow = 32 * 24 * time.Hour

// AuditLog lists a page of the audit log, newest first. more says that there
// are older entries: go on with Before = the Seq of the last one.
func (s *Service) AuditLog(ctx context.Context, org string, f AuditFilter, limit int) (page []AuditEntry, more bool, err error) {
	if err := s.requireOrgPerm(ctx, org, PermAuditRead); err != nil {
		return nil, false, err
	}
	if f.From != nil && f.To != nil && f.From.After(*f.To) {
		return nil, false, Invalidf("from: %s is after to, %s", f.From.UTC().Format(time.RFC3339), f.To.UTC().Format(time.RFC3339))
	}
	found, err := s.store.ListAudit(ctx, org, f, limit+1)
	if err != nil || len(found) == 0 {
		return found, false, err
	}
	oldest := found[0].At.Add(-maxAuditWindow)
	end := 0
	for end < len(found) && end < limit && !found[end].At.Before(oldest) {
		end++
	}
	return found[:end], end < len(found), nil
}

// auditPruneBatch keeps the transactions short in which old entries go.
const auditPruneBatch = 1000

// PruneAuditLog deletes the entries of all organizations that are older than
// keep; 0 keeps all. It returns how many went.
func (s *Service) PruneAuditLog(ctx context.Context, keep time.Duration) (int, error) {
	if keep <= 0 {
		return 0, nil
	}
	total := 0
	for {
		n, err := s.store.PruneAudit(ctx, s.now().Add(-keep), auditPruneBatch)
		total += n
		if err != nil || n < auditPruneBatch {
			return total, err
		}
	}
}
