package store

import (
	"context"

	"gorm.io/gorm/clause"

	"github.com/slipway-dev/slipway/orchestrator"
)

// newestChartFirst sorts by creation, then id and version.
var newestChartFirst = clause.OrderBy{Columns: []clause.OrderByColumn{
	{Column: clause.Column{Name: "created_at"}, Desc: true}, {Column: clause.Column{Name: "id"}}, {Column: clause.Column{Name: "chart_version"}},
}}

type workloadProfileChartRow struct {
	OrgID        string `gorm:"primaryKey"`
	ID           string `gorm:"primaryKey"`
	ChartVersion string `gorm:"primaryKey"`
	Archive      []byte
	Created      int64 `gorm:"column:created_at"`
	CreatedBy    string
}

// TableName names the table.
func (workloadProfileChartRow) TableName() string { return "workload_profile_charts" }

func (r workloadProfileChartRow) domain() orchestrator.WorkloadProfileChart {
	return orchestrator.WorkloadProfileChart{
		OrgID:        r.OrgID,
		ID:           r.ID,
		ChartVersion: r.ChartVersion,
		Archive:      r.Archive,
		CreatedAt:    instant(r.Created),
		CreatedBy:    r.CreatedBy,
	}
}

func newWorkloadProfileChartRow(v *orchestrator.WorkloadProfileChart) *workloadProfileChartRow {
	return &workloadProfileChartRow{
		OrgID:        v.OrgID,
		ID:           v.ID,
		ChartVersion: v.ChartVersion,
		Archive:      v.Archive,
		Created:      nanos(v.CreatedAt),
		CreatedBy:    v.CreatedBy,
	}
}

func workloadProfileChartObject(id string) object { return object{"chart version", id} }

// CreateWorkloadProfileChart stores a chart version.
func (s *Store) CreateWorkloadProfileChart(ctx context.Context, v *orchestrator.WorkloadProfileChart) error {
	return s.insert(ctx, newWorkloadProfileChartRow(v), workloadProfileChartObject(v.ID+" "+v.ChartVersion), organizationObject(v.OrgID))
}

// GetWorkloadProfileChart reads a chart version.
func (s *Store) GetWorkloadProfileChart(ctx context.Context, org, id, version string) (*orchestrator.WorkloadProfileChart, error) {
	row, err := find[workloadProfileChartRow](ctx, s, key{"org_id": org, "id": id, "chart_version": version}, workloadProfileChartObject(id+" "+version))
	if err != nil {
		return nil, err
	}
	v := row.domain()
	return &v, nil
}

// ListWorkloadProfileCharts lists chart versions, newest first.
func (s *Store) ListWorkloadProfileCharts(ctx context.Context, org string) ([]orchestrator.WorkloadProfileChart, error) {
	query := s.reader(ctx).Omit("archive").Where(key{"org_id": org}).Clauses(newestChartFirst)
	return list(ctx, s, query, "chart versions", workloadProfileChartRow.domain)
}
