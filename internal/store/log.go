package store

import (
	"context"
	"slices"

	"github.com/slipway-dev/slipway/orchestrator"
)

type logRow struct {
	Seq          int64 `gorm:"primaryKey;autoIncrement"`
	OrgID        string
	DeploymentID string
	Node         string
	At           int64
	Level        string
	Text         string
}

// TableName names the table.
func (logRow) TableName() string { return "log_lines" }

func (r logRow) domain() orchestrator.LogLine {
	return orchestrator.LogLine{
		Seq: r.Seq, OrgID: r.OrgID, DeploymentID: r.DeploymentID, Node: r.Node,
		At: instant(r.At), Level: r.Level, Text: r.Text,
	}
}

// AppendLog stores lines in order and fills their Seq, which keeps the promise
// of AppendEvents.
func (s *Store) AppendLog(ctx context.Context, lines ...*orchestrator.LogLine) error {
	if len(lines) == 0 {
		return nil
	}
	rows := make([]logRow, 0, len(lines))
	deployments := make([]string, 0, 1)
	for _, l := range lines {
		rows = append(rows, logRow{
			OrgID: l.OrgID, DeploymentID: l.DeploymentID, Node: l.Node, At: nanos(l.At), Level: l.Level, Text: l.Text,
		})
		deployments = append(deployments, l.DeploymentID)
	}
	err := s.append(ctx, "log", deployments, func(ctx context.Context) error {
		err := s.writer(ctx).CreateInBatches(&rows, batch).Error
		if err != nil && classify(err) == faultForeignKey {
			return organizationObject(lines[0].OrgID).missing()
		}
		return s.fail(ctx, err, "store log lines")
	})
	if err != nil {
		return err
	}
	seqs := make([]int64, 0, len(rows))
	for _, r := range rows {
		seqs = append(seqs, r.Seq)
	}
	slices.Sort(seqs)
	for i, l := range lines {
		l.Seq = seqs[i]
	}
	return nil
}

// ListLog lists lines with Seq > after, oldest first, at most limit (0 = all); node "" = all of the deployment.
func (s *Store) ListLog(ctx context.Context, org, deploymentID, node string, after int64, limit int) ([]orchestrator.LogLine, error) {
	query := s.reader(ctx).Where(key{"org_id": org, "deployment_id": deploymentID}).
		Where("seq > ?", after).Clauses(order("seq"))
	if node != "" {
		query = query.Where(key{"node": node})
	}
	if limit > 0 {
		query = query.Limit(limit)
	}
	return list(ctx, s, query, "log lines", logRow.domain)
}

// NewestLogLine is the Seq of the newest line, 0 when there is none; node "" = all of the deployment.
func (s *Store) NewestLogLine(ctx context.Context, org, deploymentID, node string) (int64, error) {
	query := s.reader(ctx).Model(&logRow{}).Where(key{"org_id": org, "deployment_id": deploymentID})
	if node != "" {
		query = query.Where(key{"node": node})
	}
	var newest int64
	err := query.Select("coalesce(max(seq), 0)").Scan(&newest).Error
	return newest, s.fail(ctx, err, "look for new log lines")
}

// deleteLogs deletes the lines of all deployments that meet the conditions, and
// of whatever else (a teardown) left events there. Lines know only their
// deployment, so no foreign key reaches them.
func (s *Store) deleteLogs(ctx context.Context, where key) error {
	for _, ids := range []any{
		s.writer(ctx).Model(&deploymentRow{}).Where(where).Select("id"),
		s.writer(ctx).Model(&eventRow{}).Where(where).Select("deployment_id"),
	} {
		err := s.writer(ctx).Where(key{"org_id": where["org_id"]}).Where("deployment_id IN (?)", ids).Delete(&logRow{}).Error
		if err != nil {
			return s.fail(ctx, err, "delete log lines")
		}
	}
	return nil
}
