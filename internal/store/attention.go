package store

import (
	"context"
	"maps"
	"slices"
	"time"

	"gorm.io/gorm"

	"github.com/slipway-dev/slipway/orchestrator"
)

// seen restricts a statement to what a filter lets see.
func seen(query *gorm.DB, f orchestrator.AttentionFilter) *gorm.DB {
	query = query.Where(key{"org_id": f.OrgID})
	if f.Apps != nil {
		query = query.Where(key{"app_id": f.Apps})
	}
	return query.Limit(f.Limit)
}

type failedEnvironmentRow struct {
	Deployment deploymentRow `gorm:"embedded"`
	Cause      string
	Ran        bool
}

// TableName names the table.
func (failedEnvironmentRow) TableName() string { return "deployments" }

func (r failedEnvironmentRow) domain() orchestrator.FailedEnvironment {
	return orchestrator.FailedEnvironment{Deployment: r.Deployment.domain(), Cause: r.Cause, Runs: r.Ran}
}

// FailedEnvironments lists environments whose newest deployment failed.
func (s *Store) FailedEnvironments(ctx context.Context, f orchestrator.AttentionFilter) ([]orchestrator.FailedEnvironment, error) {
	newest := s.reader(ctx).Model(&environmentRow{}).Select("last_deploy_id").
		Where(key{"org_id": f.OrgID}).Where("status <> 'deleting' AND last_deploy_id <> ''")
	if f.Apps != nil {
		newest = newest.Where(key{"app_id": f.Apps})
	}
	query := seen(s.reader(ctx), f).Where("id IN (?)", newest).Where("status = 'failed' AND outcome NOT IN ('cancelled', 'superseded')").
		Select(`deployments.*,
			COALESCE((SELECT e.summary FROM deployment_errors e
				WHERE e.org_id = deployments.org_id AND e.deployment_id = deployments.id AND e.position = 0), '') AS cause,
			EXISTS (SELECT 1 FROM deployments ran WHERE ran.org_id = deployments.org_id AND ran.app_id = deployments.app_id
				AND ran.env_id = deployments.env_id AND ran.outcome = 'succeeded') AS ran`).
		Order("status_changed_at DESC, id DESC")
	return list(ctx, s, query, "failed environments", failedEnvironmentRow.domain)
}

// DriftedEnvironments lists newest scans that found drift or failed.
func (s *Store) DriftedEnvironments(ctx context.Context, f orchestrator.AttentionFilter) ([]orchestrator.DriftScan, error) {
	query := seen(s.reader(ctx), f).Omit("content").Where("status IN ('drifted', 'failed')").
		Where(`NOT EXISTS (SELECT 1 FROM drift_scans n WHERE n.org_id = drift_scans.org_id AND n.app_id = drift_scans.app_id
			AND n.env_id = drift_scans.env_id AND n.created_at > drift_scans.created_at AND n.status <> 'running')`).
		Where(`NOT EXISTS (SELECT 1 FROM deployments d WHERE d.org_id = drift_scans.org_id AND d.app_id = drift_scans.app_id
			AND d.env_id = drift_scans.env_id AND d.id > drift_scans.base_id AND drift_scans.base_id <> '' AND d.outcome = 'succeeded')`).
		Where(`NOT EXISTS (SELECT 1 FROM environments e WHERE e.org_id = drift_scans.org_id AND e.app_id = drift_scans.app_id
			AND e.id = drift_scans.env_id AND e.status = 'deleting')`).
		Order("created_at DESC, app_id, env_id, id")
	return list(ctx, s, query, "drifted environments", driftScanRow.domain)
}

type endingRow struct {
	OrgID     string
	AppID     string
	EnvID     string
	ExpiresAt *int64
	IdleEnd   *int64
}

// TableName names the table.
func (endingRow) TableName() string { return "environment_lifetimes" }

func (r endingRow) domain() orchestrator.EndingEnvironment {
	at, why := r.ExpiresAt, orchestrator.EndExpired
	if r.IdleEnd != nil && (at == nil || *r.IdleEnd < *at) {
		at, why = r.IdleEnd, orchestrator.EndIdle
	}
	return orchestrator.EndingEnvironment{
		Ref: orchestrator.EnvRef{OrgID: r.OrgID, AppID: r.AppID, EnvID: r.EnvID}, EndsAt: *instantOrNil(at), Reason: why,
	}
}

// idleEnd is when an environment ends for being idle, as orchestrator.Lifetime has it; NULL = it does not, or is being deployed to.
const idleEnd = `CASE WHEN environment_lifetimes.idle_after > 0 AND (d.status IS NULL OR d.status NOT IN ('pending', 'in progress')) THEN
	(CASE WHEN COALESCE(d.status_changed_at, e.created_at) > environment_lifetimes.idle_since
		THEN COALESCE(d.status_changed_at, e.created_at) ELSE environment_lifetimes.idle_since END) + environment_lifetimes.idle_after END`

// EndingEnvironments lists environments that end by themselves soon.
func (s *Store) EndingEnvironments(ctx context.Context, f orchestrator.AttentionFilter, now time.Time, soon time.Duration) ([]orchestrator.EndingEnvironment, error) {
	ends := s.reader(ctx).Model(&endingRow{}).
		Select("environment_lifetimes.org_id, environment_lifetimes.app_id, environment_lifetimes.env_id, environment_lifetimes.expires_at, "+
			"environment_lifetimes.idle_after, "+idleEnd+" AS idle_end").
		Joins("JOIN environments e ON e.org_id = environment_lifetimes.org_id AND e.app_id = environment_lifetimes.app_id AND e.id = environment_lifetimes.env_id").
		Joins("LEFT JOIN deployments d ON d.org_id = e.org_id AND d.id = e.last_deploy_id").
		Where(key{"org_id": f.OrgID}).Where("NOT environment_lifetimes.protected AND e.status <> 'deleting'").
		// When it is looked at next is no later than when it ends, so few have to be worked out.
		Where("environment_lifetimes.next_at < ?", nanos(now.Add(soon)))
	if f.Apps != nil {
		ends = ends.Where(key{"app_id": f.Apps})
	}
	query := s.reader(ctx).Table("(?) AS environment_lifetimes", ends).Where(key{"org_id": f.OrgID}).
		Where("expires_at < ? OR idle_end < ? + CASE WHEN idle_after / 4 < ? THEN idle_after / 4 ELSE ? END",
			nanos(now.Add(soon)), nanos(now), int64(soon), int64(soon)).
		Order("CASE WHEN expires_at IS NULL OR idle_end < expires_at THEN idle_end ELSE expires_at END, app_id, env_id").Limit(f.Limit)
	return list(ctx, s, query, "environments that end", endingRow.domain)
}

// PausedEnvironments lists pauses, newest first.
func (s *Store) PausedEnvironments(ctx context.Context, f orchestrator.AttentionFilter) ([]orchestrator.Pause, error) {
	query := seen(s.reader(ctx), f).Order("created_at DESC, app_id, env_id")
	return list(ctx, s, query, "paused environments", pauseRow.domain)
}

// GoingEnvironments lists environments that are being deleted.
func (s *Store) GoingEnvironments(ctx context.Context, f orchestrator.AttentionFilter) ([]orchestrator.Environment, error) {
	query := seen(s.reader(ctx), f).Where("status = 'deleting'").
		Order("CASE WHEN status_message = '' THEN 1 ELSE 0 END, status_changed_at, app_id, id")
	return list(ctx, s, query, "environments that are being deleted", environmentRow.domain)
}

// RefusedOrders lists scheduled deployments that were refused or missed.
func (s *Store) RefusedOrders(ctx context.Context, f orchestrator.AttentionFilter, after time.Time) ([]orchestrator.ScheduledDeployment, error) {
	query := seen(s.reader(ctx), f).Where("last_deploy_id = '' AND message <> '' AND status <> 'done' AND last_at > ?", nanos(after)).
		Order("last_at DESC, app_id, env_id, id")
	return list(ctx, s, query, "refused scheduled deployments", scheduledDeploymentRow.domain)
}

// FailedPipelines lists newest runs that failed.
func (s *Store) FailedPipelines(ctx context.Context, f orchestrator.AttentionFilter) ([]orchestrator.PipelineRun, error) {
	query := seen(s.listedRuns(ctx), f).Where("status = 'failed'").Where("trigger_type IN ('schedule', 'artefact')").
		Where(`NOT EXISTS (SELECT 1 FROM pipeline_runs n WHERE n.org_id = pipeline_runs.org_id AND n.app_id = pipeline_runs.app_id
			AND n.pipeline_id = pipeline_runs.pipeline_id AND n.created_at > pipeline_runs.created_at)`).
		Order("created_at DESC, id")
	return list(ctx, s, query, "failed pipelines", pipelineRunRow.domain)
}

// GatesWaiting lists gates that wait for people, oldest first.
func (s *Store) GatesWaiting(ctx context.Context, f orchestrator.AttentionFilter) ([]orchestrator.Gate, error) {
	query := seen(s.reader(ctx), f).Where(waitingGates).Clauses(order("created_at", "deployment_id", "node"))
	return list(ctx, s, query, "gates", gateRow.domain)
}

// ListGateApprovalsOf lists what was said to several deployments, oldest first.
func (s *Store) ListGateApprovalsOf(ctx context.Context, org string, deployments []string) ([]orchestrator.GateApproval, error) {
	return listEach(ctx, s, deployments, "approvals", gateApprovalRow.domain, func(query *gorm.DB, ids []string) *gorm.DB {
		return query.Where(key{"org_id": org, "deployment_id": ids}).Clauses(order("deployment_id", "created_at", "id"))
	})
}

// PipelineApprovalsWaiting lists requests that wait for people, oldest first.
func (s *Store) PipelineApprovalsWaiting(ctx context.Context, f orchestrator.AttentionFilter) ([]orchestrator.PipelineApproval, error) {
	query := seen(s.reader(ctx), f).Where("status = 'waiting'").Clauses(oldestFirst)
	return list(ctx, s, query, "approval requests", pipelineApprovalRow.domain)
}

// DeploymentsUnderway lists unfinished deployments that wait for nobody.
func (s *Store) DeploymentsUnderway(ctx context.Context, f orchestrator.AttentionFilter) ([]orchestrator.Deployment, error) {
	query := seen(s.reader(ctx), f).Where(unfinished).
		Where(`NOT EXISTS (SELECT 1 FROM deployment_gates g WHERE g.org_id = deployments.org_id AND g.deployment_id = deployments.id AND g.state = 'waiting')`).
		Clauses(order("id"))
	return list(ctx, s, query, "deployments", deploymentRow.domain)
}

// PromotionsUnderway lists promotions that are not over and wait for nobody.
func (s *Store) PromotionsUnderway(ctx context.Context, f orchestrator.AttentionFilter) ([]orchestrator.Promotion, error) {
	query := seen(s.reader(ctx), f).Where("finished_at IS NULL").Where("phase <> 'approval'").Clauses(oldestFirst)
	return list(ctx, s, query, "promotions", promotionRow.domain)
}

// PromotionsWaiting lists promotions whose deployments wait for people.
func (s *Store) PromotionsWaiting(ctx context.Context, org string, deployments []string) ([]orchestrator.Promotion, error) {
	return listEach(ctx, s, deployments, "promotions", promotionRow.domain, func(query *gorm.DB, ids []string) *gorm.DB {
		return query.Where(key{"org_id": org}).Where("finished_at IS NULL").
			Where("deployment_id IN ? OR roll_back_id IN ?", ids, ids).Clauses(oldestFirst)
	})
}

// SpinUpsUnderway lists requests for environments that are not over.
func (s *Store) SpinUpsUnderway(ctx context.Context, f orchestrator.AttentionFilter) ([]orchestrator.SpinUp, error) {
	query := seen(s.reader(ctx), f).Where("finished_at IS NULL").
		Where(`NOT EXISTS (SELECT 1 FROM deployment_gates g WHERE g.org_id = spin_ups.org_id AND g.deployment_id = spin_ups.deployment_id AND g.state = 'waiting')`).
		Clauses(oldestFirst)
	return list(ctx, s, query, "environment requests", spinUpRow.domain)
}

// PipelineRunsUnderway lists runs that are not over and wait for nobody.
func (s *Store) PipelineRunsUnderway(ctx context.Context, f orchestrator.AttentionFilter) ([]orchestrator.PipelineRun, error) {
	query := seen(s.listedRuns(ctx), f).Where("completed_at IS NULL").
		Where(`NOT EXISTS (SELECT 1 FROM pipeline_approvals a WHERE a.org_id = pipeline_runs.org_id AND a.run_id = pipeline_runs.id AND a.status = 'waiting')`).
		Clauses(oldestFirst)
	return list(ctx, s, query, "pipeline runs", pipelineRunRow.domain)
}

// FindEnvironmentNames finds environments with ids, names and types only.
func (s *Store) FindEnvironmentNames(ctx context.Context, org string, refs []orchestrator.EnvRef) ([]orchestrator.Environment, error) {
	wanted := map[orchestrator.EnvRef]bool{}
	apps, envs := map[string]bool{}, map[string]bool{}
	for _, ref := range refs {
		wanted[ref], apps[ref.AppID], envs[ref.EnvID] = true, true, true
	}
	if len(wanted) == 0 {
		return []orchestrator.Environment{}, nil
	}
	// A little more than is wanted: pairs are not understood alike by both databases.
	query := s.reader(ctx).Select("org_id", "app_id", "id", "name", "type_id", "status").
		Where(key{"org_id": org, "app_id": slices.Sorted(maps.Keys(apps)), "id": slices.Sorted(maps.Keys(envs))})
	found, err := list(ctx, s, query, "environments", environmentRow.domain)
	out := found[:0]
	for _, e := range found {
		if wanted[e.Ref()] {
			out = append(out, e)
		}
	}
	return out, err
}

// FindApplicationNames finds the names of applications, by id.
func (s *Store) FindApplicationNames(ctx context.Context, org string, ids []string) (map[string]string, error) {
	out := map[string]string{}
	if len(ids) == 0 {
		return out, nil
	}
	var rows []applicationRow
	if err := s.reader(ctx).Select("org_id", "id", "name").Where(key{"org_id": org, "id": ids}).Find(&rows).Error; err != nil {
		return nil, s.fail(ctx, err, "list applications")
	}
	for _, r := range rows {
		out[r.ID] = r.Name
	}
	return out, nil
}

// PlacesOfResources finds where resources are, by GUResID.
func (s *Store) PlacesOfResources(ctx context.Context, org string, guresids []string) (map[string]orchestrator.EnvRef, error) {
	out := map[string]orchestrator.EnvRef{}
	if len(guresids) == 0 {
		return out, nil
	}
	var rows []activeResourceRow
	query := s.reader(ctx).Select("org_id", "app_id", "env_id", "guresid").Where(key{"org_id": org, "guresid": guresids})
	if err := query.Find(&rows).Error; err != nil {
		return nil, s.fail(ctx, err, "list active resources")
	}
	for _, r := range rows {
		out[r.GUResID] = orchestrator.EnvRef{OrgID: r.OrgID, AppID: r.AppID, EnvID: r.EnvID}
	}
	return out, nil
}
