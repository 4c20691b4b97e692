package store

import (
	"context"
	"slices"

	"github.com/slipway-dev/slipway/orchestrator"
)

type eventRow struct {
	Seq          int64 `gorm:"primaryKey;autoIncrement"`
	OrgID        string
	AppID        string
	EnvID        string
	DeploymentID string
	At           int64
	Type         string
	Node         string
	Status       string
	Message      string
}

// TableName names the table.
func (eventRow) TableName() string { return "events" }

func (r eventRow) domain() orchestrator.Event {
	return orchestrator.Event{
		Seq: r.Seq, OrgID: r.OrgID, AppID: r.AppID, EnvID: r.EnvID, DeploymentID: r.DeploymentID,
		At: instant(r.At), Type: r.Type, Node: r.Node, Status: r.Status, Message: r.Message,
	}
}

// AppendEvents stores events in order and fills their Seq.
//
// A sequence alone would let a later number commit first. Whoever appends to a
// deployment therefore holds its lock until the end of the transaction, so that
// the numbers of one deployment become visible in order.
func (s *Store) AppendEvents(ctx context.Context, events ...*orchestrator.Event) error {
	if len(events) == 0 {
		return nil
	}
	rows := make([]eventRow, 0, len(events))
	deployments := make([]string, 0, 1)
	for _, e := range events {
		rows = append(rows, eventRow{
			OrgID: e.OrgID, AppID: e.AppID, EnvID: e.EnvID, DeploymentID: e.DeploymentID,
			At: nanos(e.At), Type: e.Type, Node: e.Node, Status: e.Status, Message: e.Message,
		})
		deployments = append(deployments, e.DeploymentID)
	}
	err := s.append(ctx, "events", deployments, func(ctx context.Context) error {
		err := s.writer(ctx).CreateInBatches(&rows, batch).Error
		if err != nil && classify(err) == faultForeignKey {
			return environmentObject(events[0].EnvID).missing()
		}
		return s.fail(ctx, err, "store events")
	})
	if err != nil {
		return err
	}
	seqs := make([]int64, 0, len(rows))
	for _, r := range rows {
		seqs = append(seqs, r.Seq)
	}
	slices.Sort(seqs) // what an INSERT returns has no promised order, its numbers have
	for i, e := range events {
		e.Seq = seqs[i]
	}
	return nil
}

// append runs store in a transaction that holds the append locks of the
// deployments, and tells their watchers after the commit.
func (s *Store) append(ctx context.Context, kind string, deployments []string, store func(ctx context.Context) error) error {
	slices.Sort(deployments) // everybody locks in the same order
	deployments = slices.Compact(deployments)
	return s.InTx(ctx, func(ctx context.Context) error {
		for _, d := range deployments {
			if err := s.lockAppend(ctx, kind+":"+d); err != nil {
				return err
			}
		}
		if err := store(ctx); err != nil {
			return err
		}
		t := s.transaction(ctx)
		t.appended = append(t.appended, deployments...)
		return nil
	})
}

// lockAppend takes PostgreSQL's advisory lock of that name until the end of the
// transaction; on SQLite a transaction has no rivals.
func (s *Store) lockAppend(ctx context.Context, name string) error {
	if !s.postgres {
		return nil
	}
	err := s.writer(systemWide(ctx)).Exec("SELECT pg_advisory_xact_lock(hashtextextended(?, 0))", name).Error
	return s.fail(ctx, err, "lock the record of "+name)
}

// ListEvents lists those of a deployment with Seq > after, oldest first, at most limit (0 = all).
func (s *Store) ListEvents(ctx context.Context, org, deploymentID string, after int64, limit int) ([]orchestrator.Event, error) {
	query := s.reader(ctx).Where(key{"org_id": org, "deployment_id": deploymentID}).
		Where("seq > ?", after).Clauses(order("seq"))
	if limit > 0 {
		query = query.Limit(limit)
	}
	return list(ctx, s, query, "events", eventRow.domain)
}

// Watch returns a channel that receives a value soon after an event or log line
// was appended for the deployment, until ctx ends. The first value may come
// without cause; the channel is never closed.
func (s *Store) Watch(ctx context.Context, deploymentID string) <-chan struct{} {
	return s.feed.watch(ctx, deploymentID)
}

// newestSeqs finds the newest event and log line of deployments, for the feed.
func (s *Store) newestSeqs(ctx context.Context, deployments []string) (map[string]position, error) {
	found := map[string]position{}
	for part := range slices.Chunk(deployments, batch) {
		var events, lines []newestRow
		read := s.read.WithContext(systemWide(ctx))
		if err := read.Model(&eventRow{}).Select("deployment_id, max(seq) AS seq").
			Where(key{"deployment_id": part}).Group("deployment_id").Find(&events).Error; err != nil {
			return nil, s.fail(ctx, err, "look for new events")
		}
		if err := read.Model(&logRow{}).Select("deployment_id, max(seq) AS seq").
			Where(key{"deployment_id": part}).Group("deployment_id").Find(&lines).Error; err != nil {
			return nil, s.fail(ctx, err, "look for new log lines")
		}
		for _, e := range events {
			found[e.DeploymentID] = position{event: e.Seq}
		}
		for _, l := range lines {
			found[l.DeploymentID] = position{event: found[l.DeploymentID].event, line: l.Seq}
		}
	}
	return found, nil
}

type newestRow struct {
	DeploymentID string
	Seq          int64
}
