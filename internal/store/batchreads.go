package store

import (
	"context"
	"slices"

	"gorm.io/gorm"

	"github.com/slipway-dev/slipway/orchestrator"
)

// ListEnvironmentNames lists the environments of several applications, those of
// one application by id, with organization, application, id, name and type
// only: lists of applications may hold thousands.
func (s *Store) ListEnvironmentNames(ctx context.Context, org string, apps []string) ([]orchestrator.Environment, error) {
	return listEach(ctx, s, apps, "environments", environmentRow.domain, func(query *gorm.DB, apps []string) *gorm.DB {
		return query.Select("org_id", "app_id", "id", "name", "type_id").
			Where(key{"org_id": org, "app_id": apps}).Clauses(order("app_id", "id"))
	})
}

// FindDeploymentsInApp finds those of the deployments that are there, in no
// order, whatever environment of the application they belong to.
func (s *Store) FindDeploymentsInApp(ctx context.Context, org, app string, ids []string) ([]orchestrator.Deployment, error) {
	return listEach(ctx, s, ids, "deployments", deploymentRow.domain, func(query *gorm.DB, ids []string) *gorm.DB {
		return query.Where(key{"org_id": org, "app_id": app, "id": ids})
	})
}

// listEach lists what belongs to the given names, with a statement for as many
// names as one takes; never nil.
func listEach[R, D any](ctx context.Context, s *Store, names []string, what string, domain func(R) D,
	query func(*gorm.DB, []string) *gorm.DB,
) ([]D, error) {
	out := []D{}
	for some := range slices.Chunk(names, batch) {
		found, err := list(ctx, s, query(s.reader(ctx), some), what, domain)
		if err != nil {
			return nil, err
		}
		out = append(out, found...)
	}
	return out, nil
}
