package store

import (
	"context"
	"strconv"
	"strings"

	"gorm.io/gorm"

	"github.com/slipway-dev/slipway/orchestrator"
)

// Expired finds records that are not to be kept any longer, and deletes them
// unless the query is dry. Whatever the query says, these stay: a deployment
// that is unfinished, an environment's last one, last one that succeeded or
// last one with manifests, what an environment starts from, what a resource or
// an object of the inventory is from, what an unfinished request or promotion
// refers to, and what one that stays was made from; graphs of deployments; runs
// that have not ended and those that started them; runs of Terraform that a
// state, lease, journal or plan is from, and plans that were begun with.
func (s *Store) Expired(ctx context.Context, q orchestrator.RetentionQuery) (orchestrator.RetentionStep, error) {
	switch q.Kind {
	case orchestrator.RetainDeployments:
		return s.expiredDeployments(ctx, q)
	case orchestrator.RetainGraphs:
		return expiredRows(ctx, s, q, &graphRow{}, "used_at < ? AND "+graphUnused, nanos(q.Before))
	case orchestrator.RetainLogs:
		return s.expiredLines(ctx, q, &logRow{}, s.reader(ctx).Where("at < ? AND EXISTS (SELECT 1 FROM deployments d WHERE d.org_id = log_lines.org_id AND d.id = log_lines.deployment_id AND "+
			deploymentPast+")", nanos(q.Before)), true)
	case orchestrator.RetainEvents:
		return s.expiredLines(ctx, q, &eventRow{}, s.reader(ctx).Where("at < ? AND EXISTS (SELECT 1 FROM deployments d WHERE d.org_id = events.org_id AND d.id = events.deployment_id AND "+
			deploymentPast+")", nanos(q.Before)), true)
	case orchestrator.RetainOrphanLogs:
		return s.expiredLines(ctx, q, &logRow{}, s.reader(ctx).Where("at < ? AND NOT EXISTS (SELECT 1 FROM deployments d WHERE d.org_id = log_lines.org_id AND d.id = log_lines.deployment_id)"+
			" AND NOT EXISTS (SELECT 1 FROM events e WHERE e.org_id = log_lines.org_id AND e.deployment_id = log_lines.deployment_id)", nanos(q.Before)), true)
	case orchestrator.RetainWebhooks:
		return expiredRows(ctx, s, q, &webhookDeliveryRow{}, "status <> 'pending' AND finished_at < ?", nanos(q.Before))
	case orchestrator.RetainReceived:
		return expiredRows(ctx, s, q, &receiverDeliveryRow{}, "finished_at < ?", nanos(q.Before))
	case orchestrator.RetainPipelineRuns:
		return s.expiredPipelineRuns(ctx, q)
	case orchestrator.RetainPipelineLogs:
		return s.expiredPipelineLogs(ctx, q)
	case orchestrator.RetainTerraformPlans:
		return expiredRows(ctx, s, q, &runnerPlanRow{}, "status <> 'begun' AND created_at < ?", nanos(q.Before))
	case orchestrator.RetainTerraformRuns:
		return s.expiredRunnerRuns(ctx, q)
	}
	return orchestrator.RetentionStep{}, orchestrator.Errorf(orchestrator.CodeInternal, "nothing of kind %q is kept for a while", q.Kind)
}

// graphUnused and the like are conditions on the outer table.
const (
	graphUnused = "NOT EXISTS (SELECT 1 FROM deployments d WHERE d.org_id = graphs.org_id AND d.app_id = graphs.app_id AND d.env_id = graphs.env_id AND d.graph_id = graphs.id)"
	// deploymentPast is on d: it is over, and not what its environment runs.
	deploymentPast = "d.status NOT IN ('pending', 'in progress') AND NOT EXISTS (SELECT 1 FROM environments v WHERE v.org_id = d.org_id AND v.app_id = d.app_id AND v.id = d.env_id AND v.last_deploy_id = d.id)"
)

// deploymentFree says of a deployment that nothing refers to it.
const deploymentFree = "deployments.status NOT IN ('pending', 'in progress')" +
	" AND NOT EXISTS (SELECT 1 FROM environments v WHERE v.org_id = deployments.org_id AND (v.last_deploy_id = deployments.id OR v.from_deploy_id = deployments.id))" +
	" AND NOT EXISTS (SELECT 1 FROM active_resources r WHERE r.org_id = deployments.org_id AND r.app_id = deployments.app_id AND r.env_id = deployments.env_id AND r.deploy_id = deployments.id)" +
	" AND NOT EXISTS (SELECT 1 FROM inventory i WHERE i.org_id = deployments.org_id AND i.app_id = deployments.app_id AND i.env_id = deployments.env_id AND i.deployment_id = deployments.id)" +
	" AND NOT EXISTS (SELECT 1 FROM spin_ups u WHERE u.org_id = deployments.org_id AND u.finished_at IS NULL AND (u.from_deploy_id = deployments.id OR u.deployment_id = deployments.id))" +
	" AND NOT EXISTS (SELECT 1 FROM promotions p WHERE p.org_id = deployments.org_id AND p.finished_at IS NULL AND (p.from_deploy_id = deployments.id OR p.deployment_id = deployments.id OR p.roll_back_id = deployments.id))" +
	" AND deployments.id <> COALESCE((SELECT MAX(d.id) FROM deployments d WHERE d.org_id = deployments.org_id AND d.app_id = deployments.app_id AND d.env_id = deployments.env_id AND d.status = 'succeeded'), '')" +
	" AND deployments.id <> COALESCE((SELECT MAX(m.deployment_id) FROM manifests m JOIN deployments d ON d.org_id = m.org_id AND d.id = m.deployment_id WHERE d.org_id = deployments.org_id AND d.app_id = deployments.app_id AND d.env_id = deployments.env_id), '')" +
	" AND NOT EXISTS (SELECT 1 FROM deployments c WHERE c.org_id = deployments.org_id AND c.from_id = deployments.id AND (c.id >= ? OR c.created_at >= ?))"

// expiredDeployments goes from environment to environment.
func (s *Store) expiredDeployments(ctx context.Context, q orchestrator.RetentionQuery) (orchestrator.RetentionStep, error) {
	env, err := s.nextEnvironment(ctx, q.OrgID, q.Cursor)
	if err != nil || env == nil {
		return orchestrator.RetentionStep{Done: err == nil}, err
	}
	ref := orchestrator.EnvRef{OrgID: q.OrgID, AppID: env.AppID, EnvID: env.ID}
	var kept []string
	err = s.reader(ctx).Model(&deploymentRow{}).Where(inEnvironment(ref)).Clauses(descending("id")).Limit(max(q.Newest, 1)).Pluck("id", &kept).Error
	if err != nil {
		return orchestrator.RetentionStep{}, s.fail(ctx, err, "list the newest deployments of "+ref.String())
	}
	step := orchestrator.RetentionStep{Cursor: env.AppID + "/" + env.ID}
	if len(kept) < max(q.Newest, 1) {
		return step, nil
	}
	oldest := kept[len(kept)-1]
	old := func(ctx context.Context) *gorm.DB {
		return s.reader(ctx).Model(&deploymentRow{}).Where(inEnvironment(ref)).Where("deployments.id < ? AND deployments.created_at < ?", oldest, nanos(q.Before)).
			Where(deploymentFree, oldest, nanos(q.Before))
	}
	if q.DryRun {
		step.Found, err = s.countRows(ctx, old(ctx))
		return step, err
	}
	err = s.InTx(ctx, func(ctx context.Context) error {
		var ids []string
		if err := old(ctx).Clauses(order("id")).Limit(q.Limit).Pluck("id", &ids).Error; err != nil || len(ids) == 0 {
			return s.fail(ctx, err, "look for old deployments")
		}
		for _, row := range []any{&logRow{}, &eventRow{}} {
			if err := s.writer(ctx).Where(key{"org_id": q.OrgID, "deployment_id": ids}).Delete(row).Error; err != nil {
				return s.fail(ctx, err, "delete what belongs to old deployments")
			}
		}
		step.Found = len(ids)
		return s.fail(ctx, s.writer(ctx).Where(key{"org_id": q.OrgID, "id": ids}).Delete(&deploymentRow{}).Error, "delete old deployments")
	})
	if step.Found == q.Limit {
		step.Cursor = q.Cursor // there may be more in this environment
	}
	return step, err
}

// nextEnvironment is the one behind app/env; nil when there is none.
func (s *Store) nextEnvironment(ctx context.Context, org, after string) (*environmentRow, error) {
	app, env, _ := strings.Cut(after, "/")
	var rows []environmentRow
	err := s.reader(ctx).Where(key{"org_id": org}).Where("(app_id > ? OR (app_id = ? AND id > ?))", app, app, env).
		Clauses(order("app_id", "id")).Limit(1).Find(&rows).Error
	if err != nil || len(rows) == 0 {
		return nil, s.fail(ctx, err, "list environments")
	}
	return &rows[0], nil
}

func (s *Store) countRows(ctx context.Context, query *gorm.DB) (int, error) {
	var n int64
	err := query.Count(&n).Error
	return int(n), s.fail(ctx, err, "count old records")
}

// expiredRows deletes rows that meet a condition.
func expiredRows(ctx context.Context, s *Store, q orchestrator.RetentionQuery, model any, condition string, args ...any) (orchestrator.RetentionStep, error) {
	old := s.reader(ctx).Model(model).Where(key{"org_id": q.OrgID}).Where(condition, args...)
	if q.DryRun {
		n, err := s.countRows(ctx, old)
		return orchestrator.RetentionStep{Found: n, Done: true}, err
	}
	var ids []string
	if err := old.Limit(q.Limit).Pluck("id", &ids).Error; err != nil || len(ids) == 0 {
		return orchestrator.RetentionStep{Done: err == nil}, s.fail(ctx, err, "look for old records")
	}
	res := s.writer(ctx).Where(key{"org_id": q.OrgID, "id": ids}).Where(condition, args...).Delete(model)
	return orchestrator.RetentionStep{Found: int(res.RowsAffected), Done: len(ids) < q.Limit}, s.fail(ctx, res.Error, "delete old records")
}

// lineWindow is how many positions are looked at in a step: lines have no index by time.
const lineWindow = 20_000

// expiredLines goes through numbered lines in the order they came, and stops,
// with stop, where the first are that came after Before.
func (s *Store) expiredLines(ctx context.Context, q orchestrator.RetentionQuery, model any, old *gorm.DB, stop bool) (orchestrator.RetentionStep, error) {
	after, _ := strconv.ParseInt(q.Cursor, 10, 64)
	var first []int64
	all := func() *gorm.DB {
		return s.reader(ctx).Model(model).Where(key{"org_id": q.OrgID}).Where("seq > ?", after)
	}
	err := all().Clauses(order("seq")).Limit(1).Pluck("seq", &first).Error
	if err != nil || len(first) == 0 {
		return orchestrator.RetentionStep{Done: err == nil}, s.fail(ctx, err, "look for old lines")
	}
	last := first[0] + lineWindow
	var early int64
	if err := all().Where("seq <= ? AND at < ?", last, nanos(q.Before)).Limit(1).Count(&early).Error; err != nil {
		return orchestrator.RetentionStep{}, s.fail(ctx, err, "look for old lines")
	}
	if early == 0 && stop {
		return orchestrator.RetentionStep{Done: true}, nil
	}
	step := orchestrator.RetentionStep{Cursor: strconv.FormatInt(last, 10)}
	old = old.Model(model).Where(key{"org_id": q.OrgID}).Where("seq > ? AND seq <= ?", after, last)
	if q.DryRun {
		step.Found, err = s.countRows(ctx, old)
		return step, err
	}
	var seqs []int64
	if err := old.Clauses(order("seq")).Limit(q.Limit).Pluck("seq", &seqs).Error; err != nil || len(seqs) == 0 {
		return step, s.fail(ctx, err, "look for old lines")
	}
	res := s.writer(ctx).Where(key{"org_id": q.OrgID, "seq": seqs}).Delete(model)
	step.Found = int(res.RowsAffected)
	if len(seqs) == q.Limit {
		step.Cursor = strconv.FormatInt(seqs[len(seqs)-1], 10)
	}
	return step, s.fail(ctx, res.Error, "delete old lines")
}

// expiredPipelineRuns goes from pipeline to pipeline, those that are gone included.
func (s *Store) expiredPipelineRuns(ctx context.Context, q orchestrator.RetentionQuery) (orchestrator.RetentionStep, error) {
	app, pipeline, _ := strings.Cut(q.Cursor, "/")
	var next []pipelineRunRow
	err := s.reader(ctx).Select("app_id", "pipeline_id").Where(key{"org_id": q.OrgID}).
		Where("(app_id > ? OR (app_id = ? AND pipeline_id > ?))", app, app, pipeline).Clauses(order("app_id", "pipeline_id")).Limit(1).Find(&next).Error
	if err != nil || len(next) == 0 {
		return orchestrator.RetentionStep{Done: err == nil}, s.fail(ctx, err, "list pipelines with runs")
	}
	mine := key{"org_id": q.OrgID, "app_id": next[0].AppID, "pipeline_id": next[0].PipelineID}
	old := func() *gorm.DB {
		return s.reader(ctx).Model(&pipelineRunRow{}).Where(mine).Where("completed_at < ?", nanos(q.Before)).
			Where("NOT EXISTS (SELECT 1 FROM pipeline_runs c WHERE c.org_id = pipeline_runs.org_id AND c.parent_run = pipeline_runs.id AND c.completed_at IS NULL)")
	}
	return s.expiredInGroup(ctx, q, &pipelineRunRow{}, mine, next[0].AppID+"/"+next[0].PipelineID, q.Newest, old)
}

// expiredInGroup deletes rows of one group but its newest.
func (s *Store) expiredInGroup(ctx context.Context, q orchestrator.RetentionQuery, model any, mine key, cursor string, newest int, old func() *gorm.DB) (orchestrator.RetentionStep, error) {
	step := orchestrator.RetentionStep{Cursor: cursor}
	var kept []string
	if newest > 0 {
		err := s.reader(ctx).Model(model).Where(mine).Clauses(newestFirst).Limit(newest).Pluck("id", &kept).Error
		if err != nil {
			return step, s.fail(ctx, err, "list the newest records")
		}
	}
	query := old()
	if len(kept) > 0 {
		query = query.Where("id NOT IN ?", kept)
	}
	if q.DryRun {
		var err error
		step.Found, err = s.countRows(ctx, query)
		return step, err
	}
	var ids []string
	if err := query.Limit(q.Limit).Pluck("id", &ids).Error; err != nil || len(ids) == 0 {
		return step, s.fail(ctx, err, "look for old records")
	}
	res := s.writer(ctx).Where(key{"org_id": q.OrgID, "id": ids}).Delete(model)
	step.Found = int(res.RowsAffected)
	if len(ids) == q.Limit {
		step.Cursor = q.Cursor
	}
	return step, s.fail(ctx, res.Error, "delete old records")
}

// pipelineLogRuns is of how many runs the lines go in a step.
const pipelineLogRuns = 50

// expiredPipelineLogs deletes lines by their runs.
func (s *Store) expiredPipelineLogs(ctx context.Context, q orchestrator.RetentionQuery) (orchestrator.RetentionStep, error) {
	runs := s.reader(ctx).Model(&pipelineRunRow{}).Where(key{"org_id": q.OrgID}).Where("completed_at < ?", nanos(q.Before)).
		Where("EXISTS (SELECT 1 FROM pipeline_step_logs l WHERE l.org_id = pipeline_runs.org_id AND l.run_id = pipeline_runs.id)")
	if q.DryRun {
		n, err := s.countRows(ctx, s.reader(ctx).Model(&pipelineLogRow{}).Where(key{"org_id": q.OrgID}).
			Where("EXISTS (SELECT 1 FROM pipeline_runs r WHERE r.org_id = pipeline_step_logs.org_id AND r.id = pipeline_step_logs.run_id AND r.completed_at < ?)", nanos(q.Before)))
		return orchestrator.RetentionStep{Found: n, Done: true}, err
	}
	var ids []string
	if err := runs.Limit(pipelineLogRuns).Pluck("id", &ids).Error; err != nil || len(ids) == 0 {
		return orchestrator.RetentionStep{Done: err == nil}, s.fail(ctx, err, "look for old runs")
	}
	res := s.writer(ctx).Where(key{"org_id": q.OrgID, "run_id": ids}).Delete(&pipelineLogRow{})
	return orchestrator.RetentionStep{Found: int(res.RowsAffected), Done: len(ids) < pipelineLogRuns}, s.fail(ctx, res.Error, "delete lines of old runs")
}

// expiredRunnerRuns goes from resource to resource. Of one that is gone none has to stay.
func (s *Store) expiredRunnerRuns(ctx context.Context, q orchestrator.RetentionQuery) (orchestrator.RetentionStep, error) {
	var next []string
	err := s.reader(ctx).Model(&runnerRunRow{}).Where(key{"org_id": q.OrgID}).Where("guresid > ?", q.Cursor).Clauses(order("guresid")).Limit(1).Pluck("guresid", &next).Error
	if err != nil || len(next) == 0 {
		return orchestrator.RetentionStep{Done: err == nil}, s.fail(ctx, err, "list resources with runs")
	}
	mine := key{"org_id": q.OrgID, "guresid": next[0]}
	newest := q.Newest
	there, err := s.exists(ctx, &activeResourceRow{}, mine, object{"resource", next[0]})
	if err != nil {
		return orchestrator.RetentionStep{}, err
	}
	if !there {
		newest = 0
	}
	old := func() *gorm.DB {
		query := s.reader(ctx).Model(&runnerRunRow{}).Where(mine).Where("status NOT IN ('pending', 'running') AND created_at < ?", nanos(q.Before))
		for _, table := range []string{"runner_states", "runner_leases", "runner_journal", "runner_plans"} {
			query = query.Where("NOT EXISTS (SELECT 1 FROM " + table + " x WHERE x.org_id = runner_runs.org_id AND x.guresid = runner_runs.guresid AND x.run_id = runner_runs.id)")
		}
		return query
	}
	return s.expiredInGroup(ctx, q, &runnerRunRow{}, mine, next[0], newest, old)
}
