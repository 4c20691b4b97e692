-- Indexes for what is asked of a whole organization again and again: what needs
-- attention.

-- +goose Up
CREATE INDEX drift_scans_newest ON drift_scans (org_id, app_id, env_id, created_at DESC);
CREATE INDEX drift_scans_bad ON drift_scans (org_id, created_at DESC)
    WHERE status IN ('drifted', 'failed');
CREATE INDEX pipeline_approvals_waiting ON pipeline_approvals (org_id, created_at, id)
    WHERE status = 'waiting';
CREATE INDEX pipeline_runs_failed ON pipeline_runs (org_id, created_at DESC)
    WHERE status = 'failed';
CREATE INDEX deployments_failed ON deployments (org_id, id)
    WHERE status = 'failed';

-- +goose Down
DROP INDEX deployments_failed;
DROP INDEX pipeline_runs_failed;
DROP INDEX pipeline_approvals_waiting;
DROP INDEX drift_scans_bad;
DROP INDEX drift_scans_newest;
